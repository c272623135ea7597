"use client"

import { Check, Copy } from "lucide-react"
import { useEffect, useState } from "react"
import { Button, type ButtonProps } from "./button"

export interface CopyButtonProps extends Omit<ButtonProps, "value" | "onClick" | "asChild" | "children"> {
  /** The text for the clipboard. */
  readonly value: string
  /** What is copied, for the name of the button: "Copy event id". */
  readonly label: string
  /** Shows the words beside the icon as well. */
  readonly labelShown?: boolean
}

type Outcome = "idle" | "copied" | "failed"

const shownForMs = 1600

/** Copies a text, and reports whether it worked; when the browser forbids it, asks to copy by hand. */
export function CopyButton({ value, label, labelShown, variant = "ghost", size, ...props }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Outcome>("idle")

  useEffect(() => {
    if (outcome === "idle") return
    const timer = setTimeout(() => setOutcome("idle"), shownForMs)
    return () => clearTimeout(timer)
  }, [outcome])

  const copy = () => writeClipboard(value).then(done => setOutcome(done ? "copied" : "failed"))
  const spoken =
    outcome === "copied" ? "Copied" : outcome === "failed" ? "Copying was refused; select the text" : ""

  return (
    <Button
      variant={variant}
      size={size ?? (labelShown ? "sm" : "icon-xs")}
      aria-label={labelShown ? undefined : label}
      title={labelShown ? undefined : label}
      onClick={copy}
      {...props}
    >
      {outcome === "copied" ? (
        <Check aria-hidden="true" className="text-success" />
      ) : (
        <Copy aria-hidden="true" className={variant === "ghost" ? "text-muted-foreground" : undefined} />
      )}
      {labelShown ? <span>{label}</span> : null}
      <span role="status" className="sr-only">
        {spoken}
      </span>
    </Button>
  )
}

/** Returns whether the text is on the clipboard. Pages on plain http have no clipboard API, so there is a fallback. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea")
  area.value = text
  area.className = "sr-only"
  const host = document.activeElement?.closest("[role=dialog]") ?? document.body
  host.append(area)
  const focused = document.activeElement
  area.select()
  // The only way that works without a secure context; still supported by every browser.
  const done = document.execCommand("copy")
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return done
}
