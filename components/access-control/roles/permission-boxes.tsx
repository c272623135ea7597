import { CircleAlert } from "lucide-react"
import { Badge } from "@/components/ui/badge"
import { Checkbox } from "@/components/ui/checkbox"
import { cn } from "@/components/ui/cn"
import { type Permission, permissionGroups } from "@/lib/access/permissions"
import type { PermissionOption } from "./role"

export interface PermissionBoxesProps {
  readonly options: readonly PermissionOption[]
  readonly chosen: readonly Permission[]
  readonly onChange: (chosen: readonly Permission[]) => void
  /** The role is limited to some apps. */
  readonly limited: boolean
  readonly error: string | undefined
}

/** The catalogue as check boxes, by area; a permission that another one includes is checked by that one. */
export function PermissionBoxes({ options, chosen, onChange, limited, error }: PermissionBoxesProps) {
  const change = (permission: Permission, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, permission] : chosen.filter(each => each !== permission))
  const boxOf = (option: PermissionOption) => (
    <PermissionBox
      key={option.permission}
      option={option}
      bringer={options.find(
        other => chosen.includes(other.permission) && other.includes.includes(option.permission),
      )}
      isChosen={chosen.includes(option.permission)}
      limited={limited}
      onChange={isChosen => change(option.permission, isChosen)}
    />
  )
  return (
    <fieldset
      className="grid min-w-0 gap-3"
      data-invalid={error ? true : undefined}
      aria-describedby={error ? "permissions-error" : undefined}
    >
      <legend className="mb-1.5 text-sm font-medium">Permissions</legend>
      {permissionGroups.map(group => (
        <section key={group} aria-labelledby={`permissions-${group}`} className="grid gap-1">
          <h3 id={`permissions-${group}`} className="text-xs font-medium text-muted-foreground">
            {group}
          </h3>
          <ul className="grid divide-y rounded-md border bg-card">
            {options.filter(option => option.group === group).map(boxOf)}
          </ul>
        </section>
      ))}
      {error ? (
        <p id="permissions-error" role="alert" className="flex items-start gap-1.5 text-xs text-failure">
          <CircleAlert aria-hidden="true" className="mt-px size-3.5 shrink-0" />
          <span>{error}</span>
        </p>
      ) : null}
    </fieldset>
  )
}

interface PermissionBoxProps {
  readonly option: PermissionOption
  /** The chosen permission that includes it. */
  readonly bringer: PermissionOption | undefined
  readonly isChosen: boolean
  readonly limited: boolean
  readonly onChange: (isChosen: boolean) => void
}

function PermissionBox({ option, bringer, isChosen, limited, onChange }: PermissionBoxProps) {
  const { permission, name, description, includes, comesLater, limitable, refusal } = option
  const reachesAll = limited && !limitable
  const reason = bringer
    ? `Comes with ${bringer.permission}.`
    : (refusal ?? (reachesAll ? "Reaches every app, so a role limited to some cannot hold it." : null))
  // A check mark that causes a fault can always be cleared.
  const isLocked = bringer !== undefined || (reason !== null && !isChosen)
  return (
    <li>
      <label
        htmlFor={`permission-${permission}`}
        className={cn(
          "flex items-start gap-2.5 px-3 py-2",
          isLocked ? "cursor-not-allowed" : "cursor-pointer hover:bg-muted",
        )}
      >
        <Checkbox
          id={`permission-${permission}`}
          className="mt-0.5"
          aria-label={`${name} ${permission}`}
          aria-describedby={`about-${permission}`}
          checked={isChosen || bringer !== undefined}
          disabled={isLocked}
          onChange={event => onChange(event.target.checked)}
        />
        <span className="grid min-w-0 gap-0.5">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="text-sm font-medium">{name}</span>
            <code className="font-data text-xs text-muted-foreground">{permission}</code>
            {comesLater ? <Badge tone="outline">Screens come with a later release</Badge> : null}
          </span>
          <span id={`about-${permission}`} className="text-xs text-muted-foreground text-pretty">
            {description}
            {includes.length > 0 ? ` Includes ${includes.join(" and ")}.` : null}
            {reason ? <span className="block text-foreground">{reason}</span> : null}
          </span>
        </span>
      </label>
    </li>
  )
}
