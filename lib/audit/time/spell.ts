const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const

/** Returns a typed time for readers: a whole month by its name ("August 2026"), anything finer in digits. */
export function spellTypedTime(text: string): string {
  const [, year, month] = /^(\d{4})-(\d{2})$/.exec(text) ?? []
  const name = months[Number(month) - 1]
  return name === undefined ? text.replace("T", " ") : `${name} ${year}`
}
