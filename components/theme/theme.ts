/** The choices; `system` follows the operating system and is stored as no choice at all. */
export const themes = ["system", "light", "dark"] as const
export type Theme = (typeof themes)[number]

/** The cookie of the choice, so that the server sends the right theme with the first byte. */
export const themeCookie = "theme"

/** Returns the theme of the cookie; `system` for anything unknown. */
export function parseTheme(text: string | undefined): Theme {
  return themes.find(theme => theme === text) ?? "system"
}
