/** Returns the url when the whole text is an http or https url that leads exactly where it reads, else null. */
export function webAddress(text: string): string | null {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text) || text.length > 2_048) return null
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return null
  }
  // Credentials before an @ are how https://bank.example@evil.example pretends to lead to the bank.
  return url.username === "" && url.password === "" ? url.href : null
}
