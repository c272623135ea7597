"use client"

import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"
import { toast } from "@/components/ui/toast"
import type { CollaboratorRow, RoleChoice } from "./collaborator"
import { RoleField } from "./role-field"

export interface CollaboratorActionsProps {
  readonly app: { readonly slug: string; readonly name: string }
  readonly collaborator: CollaboratorRow
  readonly roles: readonly RoleChoice[]
  readonly update: Submit
  readonly remove: Submit
}

/** The actions on a collaborator: change the role, or remove it. */
export function CollaboratorActions({ app, collaborator, roles, update, remove }: CollaboratorActionsProps) {
  const { personId, name, role } = collaborator
  return (
    <span className="flex flex-wrap gap-2 sm:justify-end">
      <FormDialog
        key={role.id}
        trigger={
          <Button size="sm" aria-label={`Change the role of ${name}`}>
            Change role
          </Button>
        }
        title={`Change the role of ${name} in ${app.name}`}
        submitLabel="Save"
        action={update}
        fields={["roleId"]}
        read={data => ({ app: app.slug, personId, roleId: String(data.get("roleId") ?? "") })}
        onDone={() => toast(`Role of ${name} changed`)}
      >
        {wrong => <RoleField roles={roles} initial={role.id} error={wrong.roleId} />}
      </FormDialog>
      <ConfirmAction
        trigger={
          <Button size="sm" aria-label={`Remove collaborator ${name}`}>
            Remove
          </Button>
        }
        title={`Remove ${name} from ${app.name}?`}
        confirmLabel="Remove"
        destructive
        action={remove}
        input={{ app: app.slug, personId }}
        done={`${name} is no collaborator of ${app.name} any more`}
      >
        <p>
          {name} loses the role {role.name} in {app.name} from their next request on. They stay a member; what
          they hold directly, through groups and in other apps stays.
        </p>
      </ConfirmAction>
    </span>
  )
}
