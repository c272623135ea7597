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
  /** What opens it; none when it is controlled from outside. */
  readonly trigger?: ReactNode
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly title: string
  readonly description?: ReactNode
  readonly submitLabel: string
  readonly action: Submit<Output, Input>
  /** The inputs that can show their own messages. */
  readonly fields: readonly string[]
  /** Returns the input of the action from the form data. */
  readonly read: (data: FormData) => Input
  /** Constraints that the fields cannot check themselves before sending. */
  readonly check?: (data: FormData) => FieldFaults
  /** Called with the result when the dialog has closed. */
  readonly onDone: (output: Output) => void
  /** The fields, with the messages for each. */
  readonly children: (wrong: Failure["byField"]) => ReactNode
}

/** A button and the dialog with the form that it opens; a refusal is shown in it, next to the input. */
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
