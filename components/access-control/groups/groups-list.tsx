"use client"

import { SearchX, UsersRound } from "lucide-react"
import Link from "next/link"
import { useRouter } from "next/navigation"
import { useState } from "react"
import { ListToolbar } from "@/components/access-control/list-toolbar"
import type { Submit } from "@/components/form/use-submit"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Button } from "@/components/ui/button"
import { buttonVariants } from "@/components/ui/button-variants"
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
import { toast } from "@/components/ui/toast"
import { type GroupRow, type GroupText, inWords } from "./group"
import { GroupDialog } from "./group-dialog"

export interface GroupsListProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly groups: readonly GroupRow[]
  readonly createGroup: Submit<{ readonly id: string; readonly name: string }, GroupText>
}

const nothing: GroupText = { name: "", description: "", claimValue: null }

/** The groups of the organization, filtered while typing, and the button that creates one. */
export function GroupsList({ slug, groups, createGroup }: GroupsListProps) {
  const [typed, setTyped] = useState("")
  const router = useRouter()
  const path = `/${slug}/admin/settings/access-control/groups`
  const create = (
    <GroupDialog
      trigger={<Button variant="primary">+ Create Group</Button>}
      title="Create Group"
      description="Its members hold the same roles. Who they are and what they hold comes next."
      submitLabel="Create"
      initial={nothing}
      save={createGroup}
      onDone={({ id, name }) => {
        toast(`Group “${name}” created`)
        router.push(`${path}/${id}`)
      }}
    />
  )
  if (groups.length === 0) {
    return (
      <section aria-label="Groups" className="rounded-md border bg-card">
        <EmptyState icon={UsersRound} title="There are no groups yet" actions={create}>
          <p>
            A group gives all its members the same roles: add a role once, and everybody in the group holds
            it.
          </p>
        </EmptyState>
      </section>
    )
  }
  const shown = groups.filter(({ name, description, claimValue, roles, apps }) =>
    matches(typed, name, description, claimValue ?? "", ...[...roles, ...apps].map(each => each.name)),
  )
  return (
    <section aria-label="Groups" className="grid gap-3">
      <ListToolbar searchLabel="Search groups" typed={typed} onType={setTyped} action={create} />
      {shown.length === 0 ? (
        <div className="rounded-md border bg-card">
          <EmptyState icon={SearchX} title="No group is like that" className="py-10!">
            <p>Search by name, description, role, app or claim value.</p>
          </EmptyState>
        </div>
      ) : (
        <GroupsTable path={path} groups={shown} />
      )}
    </section>
  )
}

interface GroupsTableProps {
  /** Url of the list. */
  readonly path: string
  readonly groups: readonly GroupRow[]
}

function GroupsTable({ path, groups }: GroupsTableProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Groups of the organization.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Name</TableHead>
            <TableHead>Description</TableHead>
            <TableHead>Members</TableHead>
            <TableHead>Roles</TableHead>
            <TableHead>Apps</TableHead>
            <TableHead>Created</TableHead>
            <TableHead>
              <span className="sr-only">Actions</span>
            </TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {groups.map(group => (
            <GroupLine key={group.id} group={group} href={`${path}/${group.id}`} />
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function GroupLine({ group, href }: { readonly group: GroupRow; readonly href: string }) {
  const more = group.members - group.firstMembers.length
  return (
    <TableRow className="hover:bg-muted">
      <TableCell className="min-w-36 font-medium">
        <Link href={href} className="rounded-sm wrap-anywhere hover:text-link hover:underline">
          {group.name}
        </Link>
      </TableCell>
      <TableCell data-label="Description" className="text-muted-foreground text-pretty wrap-anywhere">
        {group.description || "–"}
      </TableCell>
      <TableCell data-label="Members">
        <span>
          {group.members === 0 ? <span className="text-muted-foreground">None</span> : group.members}
          {group.firstMembers.length > 0 ? (
            <span className="block text-xs text-muted-foreground">
              {group.firstMembers.join(", ")}
              {more > 0 ? ` and ${more} more` : null}
            </span>
          ) : null}
        </span>
      </TableCell>
      <TableCell
        data-label="Roles"
        className={group.roles.length === 0 ? "text-muted-foreground" : undefined}
      >
        {group.roles.length === 0
          ? "None"
          : inWords(
              group.roles.map(({ name }) => name),
              3,
            )}
      </TableCell>
      <TableCell data-label="Apps" className="text-muted-foreground">
        {group.apps.length === 0
          ? "All apps"
          : inWords(
              group.apps.map(({ name }) => name),
              3,
            )}
      </TableCell>
      <TableCell data-label="Created" className="whitespace-nowrap">
        <TimeOrWord at={group.createdAt} word="" format="day" />
      </TableCell>
      <TableCell className="text-right">
        <Link href={href} aria-label={`Edit group ${group.name}`} className={buttonVariants({ size: "sm" })}>
          Edit
        </Link>
      </TableCell>
    </TableRow>
  )
}
