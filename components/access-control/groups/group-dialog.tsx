"use client"

import type { ReactNode } from "react"
import { TextField } from "@/components/form/text-field"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
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

/** The dialog that creates a group, or changes its name, its description and its groups claim value. */
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
          <TextField
            label="Name"
            error={wrong.name}
            autoFocus
            name="name"
            defaultValue={initial.name}
            limit={100}
            missing="Give a name."
            autoComplete="off"
            required
          />
          <TextField
            label="Description"
            description="For other administrators: who belongs here, and why."
            error={wrong.description}
            name="description"
            defaultValue={initial.description}
            limit={500}
            autoComplete="off"
          />
          <TextField
            label="OpenID Connect claim value (optional)"
            description={claimHelp(initial.claimValue)}
            error={wrong.claimValue}
            name="claimValue"
            defaultValue={initial.claimValue ?? ""}
            limit={200}
            autoComplete="off"
            spellCheck={false}
            className="font-data"
          />
        </>
      )}
    </FormDialog>
  )
}

function claimHelp(before: string | null): string {
  const what =
    "A value of the groups claim of your identity provider, such as auditors. People who sign in with it are added to this group, and removed at the first sign-in without it."
  return before === null
    ? what
    : `${what} When you change it or take it away, the members whom ${before} put in leave at once.`
}

// The one cast: `read` builds the input that the dialog sends, but its type is not carried along.
function textOf(input: unknown): GroupText {
  return input as GroupText
}
