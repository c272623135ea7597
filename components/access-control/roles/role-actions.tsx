"use client"

import { useRouter } from "next/navigation"
import type { Submit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { DeleteRole } from "./delete-role"
import { copyName, type RoleOptions, type RoleRow } from "./role"
import { RoleDialog } from "./role-form"
import { textOf } from "./roles-list"

export interface RoleActionsProps {
  /** Url of the list. */
  readonly listPath: string
  readonly role: RoleRow
  readonly names: readonly string[]
  readonly replacements: readonly { readonly id: string; readonly name: string }[]
  readonly options: RoleOptions
  /** Why the caller can neither give it nor change it; null when they can. */
  readonly refusal: string | null
  readonly createRole: Submit
  readonly updateRole: Submit
  readonly deleteRole: Submit
}

/** The actions on a role: a built-in one, and one that holds more than the caller, can only be copied. */
export function RoleActions({
  listPath,
  role,
  names,
  replacements,
  options,
  refusal,
  ...actions
}: RoleActionsProps) {
  const router = useRouter()
  const text = textOf(role)
  return (
    <div className="flex flex-wrap gap-2">
      <RoleDialog
        trigger={<Button>Duplicate</Button>}
        title={`Duplicate ${role.name}`}
        saveLabel="Create"
        initial={{ ...text, name: copyName(role.name, names) }}
        options={options}
        save={next => actions.createRole({ ...next, sourceId: role.id })}
        done={name => `Role “${name}” created`}
      />
      {role.builtIn || refusal !== null ? null : (
        <>
          <DeleteRole
            role={role}
            replacements={replacements}
            deleteRole={actions.deleteRole}
            onDone={() => router.push(listPath)}
          />
          <RoleDialog
            // The form is created from the current state of the role.
            key={JSON.stringify(text)}
            trigger={<Button variant="primary">Edit</Button>}
            title={`Edit ${role.name}`}
            saveLabel="Save"
            initial={text}
            options={options}
            save={next => actions.updateRole({ ...next, id: role.id, expected: text })}
            done={name => `Role “${name}” changed`}
          />
        </>
      )}
    </div>
  )
}
