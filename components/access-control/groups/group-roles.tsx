"use client"

import { ShieldPlus } from "lucide-react"
import { RoleName } from "@/components/access-control/roles/role-name"
import type { Submit } from "@/components/form/use-submit"
import {
  describePermission,
  describePermissions,
  isPermission,
  type Permission,
} from "@/lib/access/permissions"
import { AddParts } from "./add-parts"
import {
  counted,
  type GroupDetail,
  type GroupRole,
  inWords,
  limitable,
  type PartsChanged,
  verb,
} from "./group"
import { type PartRow, PartsTable } from "./parts-table"

const nouns = ["role", "roles"] as const

/** The input of an action on roles. */
export interface RolesInput {
  readonly id: string
  readonly roleIds: readonly string[]
}

export interface GroupRolesProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly group: GroupDetail
  readonly addRoles: Submit<PartsChanged, RolesInput>
  readonly removeRoles: Submit<PartsChanged, RolesInput>
}

/** The roles of a group, which all its members hold. */
export function GroupRoles({ slug, group, addRoles, removeRoles }: GroupRolesProps) {
  const members = group.members.map(({ name }) => name)
  const apps = inWords(group.apps.map(({ name }) => name))
  return (
    <div className="grid gap-3">
      {apps === "" ? null : (
        <p className="max-w-prose text-sm text-muted-foreground text-pretty">
          Through this group its roles reach {apps} only, and give nothing but {inWords(limitable)}:
          everything else would reach all apps.
        </p>
      )}
      <PartsTable
        groupName={group.name}
        nouns={nouns}
        heads={["Name", "Lets its holders", "Apps"]}
        rows={group.roles.map(role => rowOf(slug, role))}
        add={
          <AddParts
            label="Add Roles"
            groupName={group.name}
            nouns={nouns}
            choices={group.roleChoices.map(role => ({
              id: role.id,
              name: role.name,
              note: `${role.description} ${role.permissions.length === 0 ? "No permissions." : `Permissions: ${ownOf(role.permissions).join(", ")}.`}`.trim(),
              refusal: role.refusal ?? undefined,
            }))}
            empty="The group has every role of the organization already. Create another one under Roles."
            add={roleIds => addRoles({ id: group.id, roleIds })}
          >
            <p className="text-sm text-muted-foreground text-pretty">
              {members.length === 0
                ? "Nobody is in the group yet. People who are added later hold them too."
                : `${inWords(members)} will hold them from the next request on.`}
            </p>
          </AddParts>
        }
        icon={ShieldPlus}
        emptyTitle="The group has no roles yet"
        empty={<p>Add roles, and all its members hold them from their next request on.</p>}
        remove={roleIds => removeRoles({ id: group.id, roleIds })}
        consequence={() => (
          <p>
            {members.length === 0
              ? "Nobody is in the group, so nobody loses anything."
              : `${inWords(members)} (${counted(members.length, ["member", "members"])}) ${verb(members.length, "loses", "lose")} what only this gave them, at the next request.`}
          </p>
        )}
      />
    </div>
  )
}

function rowOf(slug: string, role: GroupRole): PartRow {
  return {
    id: role.id,
    name: role.name,
    words: [role.description, ...role.permissions, ...role.apps],
    cells: [
      <RoleName key="name" slug={slug} role={role} />,
      <Permissions key="permissions" permissions={role.permissions} />,
      <span key="apps" className="text-muted-foreground">
        {role.apps.length === 0 ? "All apps" : inWords(role.apps)}
      </span>,
    ],
  }
}

/** Returns the permissions that no other one of them includes. */
function ownOf(permissions: readonly string[]): readonly Permission[] {
  const held = permissions.filter(isPermission)
  const included = new Set(
    describePermissions()
      .filter(({ permission }) => held.includes(permission))
      .flatMap(({ includes }) => includes),
  )
  return held.filter(permission => !included.has(permission))
}

const described = 3

function Permissions({ permissions }: { readonly permissions: readonly string[] }) {
  const known = ownOf(permissions)
  if (known.length === 0) {
    return <span className="text-muted-foreground">Belong to the organization, and nothing more.</span>
  }
  const more = known.length - described
  return (
    <ul className="grid gap-1">
      {known.slice(0, described).map(permission => (
        <li key={permission} className="text-pretty">
          {describePermission(permission)}{" "}
          <span className="font-data text-xs text-muted-foreground">{permission}</span>
        </li>
      ))}
      {more > 0 ? (
        <li className="text-muted-foreground">
          And {counted(more, ["more permission", "more permissions"])}.
        </li>
      ) : null}
    </ul>
  )
}
