"use client"

import { useState } from "react"
import { parseTheme, type Theme, themeCookie } from "./theme"

const oneYearSeconds = 31_536_000

/** The current theme and the function that changes it: at once in this page, and in a cookie for the next ones. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(() =>
    typeof document === "undefined" ? "system" : parseTheme(document.documentElement.dataset.theme),
  )
  const choose = (next: Theme) => {
    setTheme(next)
    if (next === "system") delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = next
    const age = next === "system" ? 0 : oneYearSeconds
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http
    document.cookie = `${themeCookie}=${next}; Path=/; Max-Age=${age}; SameSite=Lax`
  }
  return [theme, choose]
}
