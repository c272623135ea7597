"use client"

import { useId, useState } from "react"
import { Checkbox } from "@/components/ui/checkbox"
import { Dialog, DialogBody, DialogContent } from "@/components/ui/dialog"
import { Kbd } from "@/components/ui/kbd"
import { Label } from "@/components/ui/label"
import { singleKeysOn, turnSingleKeys } from "./single-keys"

const lines: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ["/"], does: "Search" },
  { keys: ["j", "↓"], does: "Next event" },
  { keys: ["k", "↑"], does: "Previous event" },
  { keys: ["Enter"], does: "Open the event" },
  { keys: ["Esc"], does: "Close it, back to its row" },
  { keys: ["t"], does: "Choose the date range" },
  { keys: ["["], does: "One range earlier" },
  { keys: ["]"], does: "One range later" },
  { keys: ["e"], does: "Export" },
  { keys: ["?"], does: "This list" },
]

/** The keyboard shortcuts of the page, and the switch that turns them off. */
export default function CheatSheet({ onClose }: { readonly onClose: () => void }) {
  const id = useId()
  const [on, setOn] = useState(singleKeysOn)
  const [before] = useState(() => document.activeElement)
  return (
    <Dialog open onOpenChange={open => (open ? undefined : onClose())}>
      <DialogContent
        title="Keyboard shortcuts"
        className="max-w-sm!"
        onCloseAutoFocus={event => {
          event.preventDefault()
          if (before instanceof HTMLElement) before.focus()
        }}
      >
        <DialogBody>
          <dl className="grid">
            {lines.map(({ keys, does }) => (
              <div key={does} className="flex min-h-8 items-center justify-between gap-4 border-b text-sm">
                <dt>{does}</dt>
                <dd className="flex gap-1">
                  {keys.map(key => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <div className="flex items-center gap-2">
            <Checkbox
              id={id}
              checked={on}
              onChange={event => {
                turnSingleKeys(event.target.checked ? "on" : "off")
                setOn(event.target.checked)
              }}
            />
            <Label htmlFor={id} className="font-normal!">
              Use single keys in this browser
            </Label>
          </div>
        </DialogBody>
      </DialogContent>
    </Dialog>
  )
}
