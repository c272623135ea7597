import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import type { RoleChoice } from "./collaborator"

export interface RoleFieldProps {
  readonly roles: readonly RoleChoice[]
  readonly initial?: string
  readonly error?: string
}

/** Chooses the role in the app; one that cannot be given is listed with the reason. */
export function RoleField({ roles, initial = "", error }: RoleFieldProps) {
  const refused = roles.filter(({ refusal }) => refusal !== null)
  return (
    <Field
      label="Role"
      error={error}
      description={
        refused.length === 0
          ? "Only what a role lets its holder see in the log counts in one app."
          : `You cannot give ${refused.map(({ name }) => name).join(", ")}: you do not hold it yourself.`
      }
    >
      {control => (
        <Select {...control} name="roleId" defaultValue={initial} data-missing="Choose a role." required>
          <option value="" disabled>
            Choose a role
          </option>
          {roles.map(({ id, name, refusal }) => (
            <option key={id} value={id} disabled={refusal !== null}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
