"use client"

import { useState } from "react"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { toast } from "@/components/ui/toast"
import { type ApiKeyRow, maskedKey } from "./api-key"

export interface RevokeKeyProps {
  readonly apiKey: ApiKeyRow
  readonly appName: string
  readonly revokeKey: Submit
}

/** The button and the dialog that end a key, saying beforehand what will stop. */
export function RevokeKey({ apiKey, appName, revokeKey }: RevokeKeyProps) {
  const [open, setOpen] = useState(false)
  const { pending, failure, submit, clear } = useSubmit(revokeKey, [], () => {
    setOpen(false)
    toast(`Key “${apiKey.name}” revoked`)
  })
  const change = (next: boolean) => {
    setOpen(next)
    clear()
  }
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button size="sm" aria-label={`Revoke key ${apiKey.name}`}>
          Revoke
        </Button>
      </DialogTrigger>
      <DialogContent title={`Revoke the key “${apiKey.name}”?`}>
        <DialogBody>
          <FormFailure failure={failure} />
          <p className="text-muted-foreground">
            <code className="font-data text-foreground">{maskedKey(apiKey)}</code> of {appName} is refused
            everywhere within five seconds. Whatever still uses it stops sending or reading events. Events it
            has sent stay in the log. A revoked key cannot be brought back.
          </p>
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button variant="destructive" pending={pending} onClick={() => submit({ id: apiKey.id })}>
            Revoke key
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
