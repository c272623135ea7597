"use client"

import { Eye, EyeOff } from "lucide-react"
import { type ComponentProps, useState } from "react"
import { Button } from "@/components/ui/button"
import { Input } from "@/components/ui/input"

/** A password box with a switch to show it; it works with password managers and pasting. */
export function PasswordInput(props: Omit<ComponentProps<"input">, "type">) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <span className="relative flex">
      <Input
        {...props}
        type={shown ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
        className="pr-9"
      />
      <Button
        variant="ghost"
        size="icon-xs"
        aria-label={shown ? "Hide password" : "Show password"}
        aria-pressed={shown}
        className="absolute! top-1 right-1 text-muted-foreground"
        onClick={() => setShown(!shown)}
      >
        <Icon aria-hidden="true" />
      </Button>
    </span>
  )
}
