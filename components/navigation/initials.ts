/** Returns one or two capitals for a person, from the first and the last word of the name, else from the email. */
export function initials(name: string, email: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const [first = email, last = ""] = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return [first, last].map(firstLetter).join("").toUpperCase()
}

// Code points, so that a letter outside of the basic plane stays whole.
function firstLetter(word: string): string {
  return [...word].find(letter => /[\p{L}\p{N}]/u.test(letter)) ?? ""
}
