"use client"

import { type ReactNode, useState } from "react"
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
import { FormFailure } from "./form-failure"
import { type Submit, useSubmit } from "./use-submit"

export interface ConfirmActionProps<Input> {
  /** What opens the dialog. */
  readonly trigger: ReactNode
  /** A question that names its subject. */
  readonly title: string
  /** What will happen, and what will stay. */
  readonly children: ReactNode
  readonly confirmLabel: string
  /** True when something is removed or stops working. */
  readonly destructive?: boolean
  readonly action: Submit<unknown, Input>
  readonly input: Input
  /** Shown when it is done. */
  readonly done: string
  readonly onDone?: () => void
}

/** A button whose action is named in full, and confirmed, before it runs; a refusal is shown in the dialog. */
export function ConfirmAction<Input>({
  trigger,
  title,
  children,
  done,
  ...props
}: ConfirmActionProps<Input>) {
  const { confirmLabel, destructive = false, action, input, onDone } = props
  const [open, setOpen] = useState(false)
  const { pending, failure, submit, clear } = useSubmit(action, [], () => {
    setOpen(false)
    toast(done)
    onDone?.()
  })
  const change = (next: boolean) => {
    setOpen(next)
    clear()
  }
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      <DialogContent title={title}>
        <DialogBody>
          <FormFailure failure={failure} />
          <div className="grid gap-2 text-muted-foreground">{children}</div>
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button
            variant={destructive ? "destructive" : "primary"}
            pending={pending}
            onClick={() => submit(input)}
          >
            {confirmLabel}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
