"use client"

import { Monitor, Moon, Sun } from "lucide-react"
import {
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
} from "@/components/ui/dropdown-menu"
import { parseTheme, type Theme, themes } from "./theme"
import { useTheme } from "./use-theme"

const words = {
  system: { label: "System", icon: Monitor },
  light: { label: "Light", icon: Sun },
  dark: { label: "Dark", icon: Moon },
} as const satisfies Record<Theme, unknown>

/** The three themes, as part of a menu that stays open while somebody tries them. */
export function ThemeChoice() {
  const [theme, choose] = useTheme()
  return (
    <DropdownMenuRadioGroup value={theme} onValueChange={value => choose(parseTheme(value))}>
      <DropdownMenuLabel>Theme</DropdownMenuLabel>
      {themes.map(value => {
        const { label, icon: Icon } = words[value]
        return (
          <DropdownMenuRadioItem key={value} value={value} onSelect={event => event.preventDefault()}>
            <Icon aria-hidden="true" />
            {label}
          </DropdownMenuRadioItem>
        )
      })}
    </DropdownMenuRadioGroup>
  )
}
