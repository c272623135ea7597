"use client"

import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"
import { toast } from "@/components/ui/toast"
import type { CollaboratorChoices } from "./collaborator"
import { MemberField } from "./member-field"
import { RoleField } from "./role-field"

export interface AddCollaboratorProps {
  readonly app: { readonly slug: string; readonly name: string }
  readonly choices: CollaboratorChoices
  readonly add: Submit
}

/** The button and the dialog that give a member a role in one app. */
export function AddCollaborator({ app, choices, add }: AddCollaboratorProps) {
  return (
    <FormDialog
      trigger={<Button>+ Add Collaborator</Button>}
      title={`Add a collaborator of ${app.name}`}
      description="A collaborator holds a role in this app only: they see its events, and those of no other app by it."
      submitLabel="Add"
      action={add}
      fields={["personId", "roleId"]}
      read={data => ({
        app: app.slug,
        personId: String(data.get("personId") ?? ""),
        roleId: String(data.get("roleId") ?? ""),
      })}
      onDone={() => toast(`Collaborator of ${app.name} added`)}
    >
      {wrong => (
        <>
          <MemberField people={choices.people} taken={choices.taken} error={wrong.personId} />
          <RoleField roles={choices.roles} error={wrong.roleId} />
        </>
      )}
    </FormDialog>
  )
}
