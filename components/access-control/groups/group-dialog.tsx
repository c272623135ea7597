"use client"

import type { ReactNode } from "react"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import type { GroupText } from "./group"

export interface GroupDialogProps<Output> {
  /** What opens it. */
  readonly trigger: ReactNode
  readonly title: string
  readonly description?: string
  readonly submitLabel: string
  readonly initial: GroupText
  readonly save: Submit<Output, GroupText>
  readonly onDone: (output: Output) => void
}

const fields = ["name", "description", "claimValue"] as const

/** The dialog that makes a group, or changes what it is called and whom the identity provider puts in. */
export function GroupDialog<Output>({ initial, save, ...props }: GroupDialogProps<Output>) {
  return (
    <FormDialog
      {...props}
      fields={fields}
      action={input => save(textOf(input))}
      read={data => ({
        name: String(data.get("name")).trim(),
        description: String(data.get("description")).trim(),
        claimValue: String(data.get("claimValue")).trim() || null,
      })}
    >
      {wrong => (
        <>
          <Field label="Name" error={wrong.name}>
            {control => (
              <Input
                {...control}
                autoFocus
                name="name"
                defaultValue={initial.name}
                maxLength={100}
                autoComplete="off"
                required
              />
            )}
          </Field>
          <Field
            label="Description"
            description="For other administrators: who belongs here, and why."
            error={wrong.description}
          >
            {control => (
              <Input
                {...control}
                name="description"
                defaultValue={initial.description}
                maxLength={500}
                autoComplete="off"
              />
            )}
          </Field>
          <Field
            label="OpenID Connect claim value (optional)"
            description={claimHelp(initial.claimValue)}
            error={wrong.claimValue}
          >
            {control => (
              <Input
                {...control}
                name="claimValue"
                defaultValue={initial.claimValue ?? ""}
                maxLength={200}
                autoComplete="off"
                spellCheck={false}
                className="font-data"
              />
            )}
          </Field>
        </>
      )}
    </FormDialog>
  )
}

function claimHelp(before: string | null): string {
  const what =
    "A value of the groups claim of your identity provider, such as auditors. Whoever signs in with it is put into this group, and taken out at the first sign-in without it."
  return before === null
    ? what
    : `${what} When you change it or take it away, the members whom ${before} put in leave at once.`
}

// The one cast: the dialog sends what `read` made, whose type it does not carry along.
function textOf(input: unknown): GroupText {
  return input as GroupText
}
