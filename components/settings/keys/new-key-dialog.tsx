"use client"

import { KeyRound } from "lucide-react"
import { FirstEvent } from "@/components/settings/first-event/first-event"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { CodeBlock } from "@/components/ui/code-block"
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "@/components/ui/dialog"
import type { NewKey } from "./api-key"
import { utcMinute } from "./key-input"

export interface NewKeyDialogProps {
  readonly made: NewKey
  readonly baseUrl: string
  readonly open: boolean
  readonly onClose: () => void
  /** Where the focus goes afterwards. */
  readonly focusAfter: () => void
}

/** Shows a new key, only this once; for a rotation, also how long the old one stays valid. */
export function NewKeyDialog({ made, baseUrl, open, onClose, focusAfter }: NewKeyDialogProps) {
  return (
    <Dialog open={open} onOpenChange={next => (next ? undefined : onClose())}>
      <DialogContent
        title="Your new key"
        className="max-w-2xl!"
        // An accidental click must not hide what is shown only once.
        onInteractOutside={event => event.preventDefault()}
        onCloseAutoFocus={event => {
          event.preventDefault()
          focusAfter()
        }}
      >
        <DialogBody>
          <Alert tone="warning" title="Copy it now" role="status">
            Only its hash is kept, so it cannot be shown again.
          </Alert>
          <CodeBlock text={made.key} copyLabel="Copy the key" wrapped />
          {made.replaced ? (
            <p className="text-muted-foreground text-pretty">
              The old key ending in{" "}
              <code className="font-data text-foreground">{made.replaced.lastFour}</code> is refused from{" "}
              <span className="font-data text-foreground">{utcMinute(made.replaced.expiresAt)}</span> on,
              without anybody doing anything. Put the new one in its place before.
            </p>
          ) : (
            <>
              <h3 className="-mb-2 font-medium">Send a first event</h3>
              <FirstEvent baseUrl={baseUrl} apiKey={made.key} />
            </>
          )}
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button variant="primary">
              <KeyRound aria-hidden="true" />I have copied the key
            </Button>
          </DialogClose>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
