"use client"

import { UserPlus } from "lucide-react"
import Link from "next/link"
import { type People, PeopleSearch, useOffered } from "@/components/form/people-search"
import type { Submit } from "@/components/form/use-submit"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import { AddParts } from "./add-parts"
import { type GroupDetail, type GroupMember, inWords, type PartsChanged } from "./group"
import { type PartRow, PartsTable } from "./parts-table"

const nouns = ["member", "members"] as const

/** The input of an action on members. */
export interface MembersInput {
  readonly id: string
  readonly personIds: readonly string[]
}

export interface GroupMembersProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly group: GroupDetail
  readonly people: People
  readonly addMembers: Submit<PartsChanged, MembersInput>
  readonly removeMembers: Submit<PartsChanged, MembersInput>
}

/** The members of a group. */
export function GroupMembers({ slug, group, people, ...actions }: GroupMembersProps) {
  const offered = useOffered(people)
  const given = inWords(group.roles.map(({ name }) => name))
  const claimed = new Set(group.members.filter(each => each.fromClaim).map(each => each.personId))
  const byHand = new Set(group.members.filter(each => !each.fromClaim).map(each => each.personId))
  const add = (
    <AddParts
      label="Add Members"
      groupName={group.name}
      nouns={nouns}
      choices={offered.members
        .filter(({ personId }) => !byHand.has(personId))
        .map(({ personId, name, email, status }) => ({
          id: personId,
          name,
          note: `${email}${status === "active" ? "" : ", suspended"}${claimed.has(personId) ? ", in the group by the identity provider: adding keeps them in whatever it says" : ""}`,
        }))}
      empty="Everybody in the organization is in this group already. Invite a member to add somebody new."
      add={personIds => actions.addMembers({ id: group.id, personIds })}
    >
      <p className="text-sm text-muted-foreground text-pretty">
        {given === ""
          ? "The group has no roles yet, so being in it gives nothing until it has."
          : `From their next request on they hold ${given}.`}
      </p>
      {people.isCut ? <PeopleSearch {...offered} /> : null}
    </AddParts>
  )
  return (
    <PartsTable
      groupName={group.name}
      nouns={nouns}
      heads={["Name", "Status", "Put in", "Since"]}
      rows={group.members.map(member => rowOf(slug, member))}
      add={add}
      icon={UserPlus}
      emptyTitle="Nobody is in this group yet"
      empty={<p>Members of the group hold all of its roles.</p>}
      remove={personIds => actions.removeMembers({ id: group.id, personIds })}
      consequence={rows => <Consequence group={group} rows={rows} given={given} />}
    />
  )
}

function rowOf(slug: string, member: GroupMember): PartRow {
  const { personId, name, email, status, fromClaim, addedAt } = member
  return {
    id: personId,
    name,
    words: [email, status, fromClaim ? "identity provider" : "by hand"],
    cells: [
      <span key="name" className="grid min-w-0">
        <Link
          href={`/${slug}/admin/settings/access-control/members/${personId}`}
          className="w-fit rounded-sm font-medium wrap-anywhere hover:text-link hover:underline"
        >
          {name}
        </Link>
        <span className="text-xs text-muted-foreground wrap-anywhere">{email}</span>
      </span>,
      status === "active" ? (
        "Active"
      ) : (
        <Badge key="status" tone="outline">
          Suspended
        </Badge>
      ),
      fromClaim ? (
        <Badge key="by" tone="outline">
          By the identity provider
        </Badge>
      ) : (
        <span key="by" className="text-muted-foreground">
          By hand
        </span>
      ),
      <TimeOrWord key="since" at={addedAt} word="" format="day" />,
    ],
  }
}

interface ConsequenceProps {
  readonly group: GroupDetail
  readonly rows: readonly PartRow[]
  /** Names of the group's roles. */
  readonly given: string
}

function Consequence({ group, rows, given }: ConsequenceProps) {
  const claimed = rows.filter(({ id }) =>
    group.members.some(member => member.personId === id && member.fromClaim),
  )
  return (
    <>
      <p>
        {given === ""
          ? "The group has no roles, so nothing is lost with it."
          : `At their next request they lose ${given}, except what they hold directly, through another group or in an app.`}
      </p>
      {claimed.length > 0 ? (
        <p className="text-foreground">
          {inWords(claimed.map(({ name }) => name))} {claimed.length === 1 ? "was" : "were"} put in by the
          identity provider, and the next sign-in brings {claimed.length === 1 ? "this member" : "them"} back.
          To keep {claimed.length === 1 ? "this member" : "them"} out, take the value “{group.claimValue}”
          away there.
        </p>
      ) : null}
    </>
  )
}
