"use client"

import { Users } from "lucide-react"
import Link from "next/link"
import { usePathname, useRouter } from "next/navigation"
import { useEffect, useRef, useState, useTransition } from "react"
import { ListToolbar } from "@/components/access-control/list-toolbar"
import { throughText } from "@/components/access-control/roles/role"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { cn } from "@/components/ui/cn"
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
import type { MemberRow } from "./member"
import { MemberStatus } from "./member-status"

export interface MembersListProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly members: readonly MemberRow[]
  /** The search text. */
  readonly search: string
  readonly total: number
  /** True when there are more than are listed. */
  readonly isCut: boolean
}

const patienceMs = 200

/** The members of the organization; the url contains the search text. */
export function MembersList({ slug, members, search, total, isCut }: MembersListProps) {
  const { typed, type, isPending } = useSearch(search)
  return (
    <section aria-label="Members" className="grid gap-3">
      <ListToolbar searchLabel="Search members" typed={typed} onType={type} />
      <p role="status" className="text-sm text-muted-foreground">
        {resultText(members.length, { search, total, isCut })}
      </p>
      {members.length === 0 ? (
        <div className="rounded-md border bg-card">
          <EmptyState icon={Users} title="No member matches" className="py-10!">
            <p>Search by name, e-mail address, role, group or status.</p>
          </EmptyState>
        </div>
      ) : (
        <div
          aria-busy={isPending}
          className={cn("overflow-x-auto rounded-md border bg-card", isPending && "opacity-60")}
        >
          <Table className="table-stacked">
            <TableCaption>Members of the organization.</TableCaption>
            <TableHeader>
              <tr>
                <TableHead>Name</TableHead>
                <TableHead>Roles</TableHead>
                <TableHead>Last seen</TableHead>
                <TableHead>Status</TableHead>
              </tr>
            </TableHeader>
            <TableBody>
              {members.map(member => (
                <MemberLine key={member.personId} slug={slug} member={member} />
              ))}
            </TableBody>
          </Table>
        </div>
      )}
    </section>
  )
}

/** Writes the typed text into the url when typing pauses; the page then searches for it. */
function useSearch(search: string) {
  const router = useRouter()
  const pathname = usePathname()
  const [typed, setTyped] = useState(search)
  const [isPending, start] = useTransition()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (text: string) => {
    setTyped(text)
    clearTimeout(timer.current)
    const query = text.trim() === "" ? "" : `?${new URLSearchParams({ search: text.trim() })}`
    timer.current = setTimeout(
      () => start(() => router.replace(`${pathname}${query}`, { scroll: false })),
      patienceMs,
    )
  }
  return { typed, type, isPending }
}

function resultText(
  shown: number,
  { search, total, isCut }: { readonly search: string; readonly total: number; readonly isCut: boolean },
): string {
  if (isCut) {
    return `The first ${shown.toLocaleString("en")} of ${search === "" ? `${total.toLocaleString("en")} members` : "those that match"}. Search to find the others.`
  }
  const members = total === 1 ? "1 member" : `${total.toLocaleString("en")} members`
  return search === "" ? `${members}.` : `${shown} of ${members}.`
}

function MemberLine({ slug, member }: { readonly slug: string; readonly member: MemberRow }) {
  return (
    <TableRow className="hover:bg-muted">
      <TableCell className="sm:min-w-56">
        <Link
          href={`/${slug}/admin/settings/access-control/members/${member.personId}`}
          className="rounded-sm font-medium wrap-anywhere hover:text-link hover:underline"
        >
          {member.name}
        </Link>
        <span className="block text-xs text-muted-foreground wrap-anywhere">{member.email}</span>
      </TableCell>
      <TableCell data-label="Roles">
        <RolesOfMember roles={member.roles} />
      </TableCell>
      <TableCell data-label="Last seen">
        <TimeOrWord at={member.lastSeenAt} word="Never" />
      </TableCell>
      <TableCell data-label="Status">
        <span>
          <MemberStatus status={member.status} />
        </span>
      </TableCell>
    </TableRow>
  )
}

/** The roles of a member in a cell, each with how it is held, unless directly. */
function RolesOfMember({ roles }: Pick<MemberRow, "roles">) {
  if (roles.length === 0) return <span className="text-muted-foreground">None</span>
  return (
    <ul className="grid gap-0.5">
      {roles.map(({ id, name, through }) => (
        <li key={id}>
          {name}
          {through.every(({ kind }) => kind === "directly") ? null : (
            <span className="text-muted-foreground"> {through.map(throughText).join(", ")}</span>
          )}
        </li>
      ))}
    </ul>
  )
}
