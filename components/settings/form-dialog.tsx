"use client"

import { type ReactNode, useState } from "react"
import type { FieldFaults } from "@/components/form/faults"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { type Failure, type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"

export interface FormDialogProps<Output, Input = unknown> {
  /** What opens it; none when something else says whether it is open. */
  readonly trigger?: ReactNode
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly title: string
  readonly description?: ReactNode
  readonly submitLabel: string
  readonly action: Submit<Output, Input>
  /** The inputs that can show words beside themselves. */
  readonly fields: readonly string[]
  /** The input of the action, from what was typed. */
  readonly read: (data: FormData) => Input
  /** What the fields cannot check themselves before it is sent. */
  readonly check?: (data: FormData) => FieldFaults
  /** Hears the answer when the dialog has closed. */
  readonly onDone: (output: Output) => void
  /** The fields, given the words that stand beside each. */
  readonly children: (wrong: Failure["byField"]) => ReactNode
}

/** A button and the dialog with the form that it opens; what was refused stays in it, beside what was typed. */
export function FormDialog<Output, Input>(props: FormDialogProps<Output, Input>) {
  const { trigger, title, description, onDone } = props
  const [ownOpen, setOwnOpen] = useState(false)
  const open = props.open ?? ownOpen
  const change = props.onOpenChange ?? setOwnOpen
  const finish = (output: Output) => {
    change(false)
    onDone(output)
  }
  return (
    <Dialog open={open} onOpenChange={change}>
      {trigger ? <DialogTrigger asChild>{trigger}</DialogTrigger> : null}
      <DialogContent title={title} description={description}>
        <DialogForm {...props} onDone={finish} />
      </DialogContent>
    </Dialog>
  )
}

type DialogFormProps<Output, Input> = Omit<
  FormDialogProps<Output, Input>,
  "trigger" | "title" | "description"
>

function DialogForm<Output, Input>({
  submitLabel,
  action,
  fields,
  check,
  children,
  ...props
}: DialogFormProps<Output, Input>) {
  const submission = useSubmit(action, fields, props.onDone)
  const { pending, failure, submit } = submission
  return (
    <Form
      className="contents"
      submission={submission}
      check={check}
      onSend={data => submit(props.read(data))}
    >
      <DialogBody>
        <FormFailure failure={failure} />
        {children(failure?.byField ?? {})}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending}>
          {submitLabel}
        </Button>
      </DialogFooter>
    </Form>
  )
}
