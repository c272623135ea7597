"use client"

import { Copy, ShieldCheck } from "lucide-react"
import { useState } from "react"
import { ListToolbar } from "@/components/access-control/list-toolbar"
import type { Submit } from "@/components/form/use-submit"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Button } from "@/components/ui/button"
import { matches } from "@/components/ui/choice-list"
import { EmptyState } from "@/components/ui/empty-state"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import { copyName, firstNames, heldByText, type RoleOptions, type RoleRow } from "./role"
import { RoleDialog } from "./role-form"
import { RoleName } from "./role-name"

export interface RolesListProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly roles: readonly RoleRow[]
  readonly options: RoleOptions
  readonly createRole: Submit
}

const nothing = { name: "", description: "", permissions: [], appIds: [] } as const

/** The roles of the organization, filtered while typing, and the button that creates one. */
export function RolesList({ slug, roles, options, createRole }: RolesListProps) {
  const [typed, setTyped] = useState("")
  const shown = roles.filter(({ name, description, permissions }) =>
    matches(typed, name, description, ...permissions),
  )
  const names = roles.map(role => role.name)
  return (
    <section aria-label="Roles" className="grid gap-3">
      <ListToolbar
        searchLabel="Search roles"
        typed={typed}
        onType={setTyped}
        action={
          <RoleDialog
            trigger={<Button variant="primary">+ Create Role</Button>}
            title="Create Role"
            saveLabel="Create"
            initial={nothing}
            options={options}
            save={createRole}
            done={name => `Role “${name}” created`}
          />
        }
      />
      {shown.length === 0 ? (
        <div className="rounded-md border bg-card">
          <EmptyState icon={ShieldCheck} title="No role is called that" className="py-10!">
            <p>Search by name, description or permission.</p>
          </EmptyState>
        </div>
      ) : (
        <div className="overflow-x-auto rounded-md border bg-card">
          <Table className="table-stacked">
            <TableCaption>Roles of the organization.</TableCaption>
            <TableHeader>
              <tr>
                <TableHead>Name</TableHead>
                <TableHead>Permissions</TableHead>
                <TableHead>Apps</TableHead>
                <TableHead>Held by</TableHead>
                <TableHead>Created</TableHead>
                <TableHead>
                  <span className="sr-only">Actions</span>
                </TableHead>
              </tr>
            </TableHeader>
            <TableBody>
              {shown.map(role => (
                <RoleLine key={role.id} slug={slug} role={role}>
                  <RoleDialog
                    trigger={
                      <Button size="sm" aria-label={`Duplicate role ${role.name}`}>
                        <Copy aria-hidden="true" />
                        Duplicate
                      </Button>
                    }
                    title={`Duplicate ${role.name}`}
                    saveLabel="Create"
                    initial={{ ...textOf(role), name: copyName(role.name, names) }}
                    options={options}
                    save={text => createRole({ ...text, sourceId: role.id })}
                    done={name => `Role “${name}” created`}
                  />
                </RoleLine>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
    </section>
  )
}

/** Returns only the fields of the form. */
export function textOf({ name, description, permissions, appIds }: RoleRow) {
  return { name, description, permissions, appIds }
}

interface RoleLineProps {
  readonly slug: string
  readonly role: RoleRow
  readonly children: React.ReactNode
}

function RoleLine({ slug, role, children }: RoleLineProps) {
  return (
    <TableRow className="hover:bg-muted">
      <TableCell className="min-w-48">
        <RoleName slug={slug} role={role} />
      </TableCell>
      <TableCell data-label="Permissions">
        <PermissionNames permissions={role.permissions} />
      </TableCell>
      <TableCell data-label="Apps" className="text-muted-foreground">
        {role.apps.length === 0 ? "All apps" : role.apps.map(app => app.name).join(", ")}
      </TableCell>
      <TableCell data-label="Held by">
        <span>
          {heldByText(role.heldBy)}
          {role.firstHolders.length > 0 ? (
            <span className="block text-xs text-muted-foreground">{firstNames(role)}</span>
          ) : null}
        </span>
      </TableCell>
      <TableCell data-label="Created">
        <TimeOrWord at={role.createdAt} word="" format="day" />
      </TableCell>
      <TableCell className="text-right">{children}</TableCell>
    </TableRow>
  )
}

const namesShown = 3

/** The permissions of a role in a cell: the first ones by name, and the number of others. */
function PermissionNames({ permissions }: { readonly permissions: readonly string[] }) {
  if (permissions.length === 0) return <span className="text-muted-foreground">None</span>
  const more = permissions.length - namesShown
  return (
    <span className="font-data text-xs wrap-anywhere">
      {permissions.slice(0, namesShown).join(", ")}
      {more > 0 ? <span className="text-muted-foreground"> and {more} more</span> : null}
    </span>
  )
}
