// User agents contain the names of several browsers, so the order matters: the real one comes before those it imitates.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera|OPT)\//, "Opera"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|HeadlessChrome|CriOS|Chromium)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(?:Macintosh|Mac OS X)\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
]

const mostCharacters = 40

/**
 * Returns browser and system in familiar words: `Firefox on Windows`. They are only what the program claims; an unknown one
 * is named by the first word of its user agent.
 */
export function browserInWords(userAgent: string | null): string {
  const said = userAgent?.trim() ?? ""
  if (said === "") return "Unknown browser"
  const browser = named(browsers, said)
  const system = named(systems, said)
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`
  if (system !== undefined) return `Browser on ${system}`
  const word = Array.from(said.split(/[/\s(;]/)[0] ?? "")
  if (word.length === 0) return "Unknown browser"
  return word.length > mostCharacters ? `${word.slice(0, mostCharacters - 1).join("")}…` : word.join("")
}

function named(known: readonly (readonly [RegExp, string])[], said: string): string | undefined {
  return known.find(([pattern]) => pattern.test(said))?.[1]
}
