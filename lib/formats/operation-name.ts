/**
 * Promise: another system's name in the catalogue's spelling: lower case, words joined by `_`, parts by `.`, at most 120
 * characters. `users.SetPreferences` becomes `users.set_preferences`.
 */
export function operationName(text: string): string {
  const parts = text
    .split(".")
    .map(part =>
      part
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "_")
        .replace(/^[_0-9]+|_+$/g, ""),
    )
    .filter(part => part !== "")
  const name = parts.length === 0 ? "unknown" : parts.join(".")
  return name.slice(0, 120).replace(/[._]+$/, "")
}
