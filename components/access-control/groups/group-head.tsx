"use client"

import Link from "next/link"
import { useRouter } from "next/navigation"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { toast } from "@/components/ui/toast"
import { counted, type GroupDetail, type GroupText, inWords, verb } from "./group"
import { GroupDialog } from "./group-dialog"

export interface GroupHeadProps {
  /** Url of the list. */
  readonly listPath: string
  readonly group: GroupDetail
  readonly updateGroup: Submit<unknown, GroupText & { readonly id: string; readonly expected: GroupText }>
  readonly deleteGroup: Submit<unknown, { readonly id: string }>
}

/** The name of a group, and the actions on the whole group. */
export function GroupHead({ listPath, group, updateGroup, deleteGroup }: GroupHeadProps) {
  const router = useRouter()
  const { id, name, description, claimValue } = group
  const text: GroupText = { name, description, claimValue }
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="grid min-w-0 gap-0.5">
        <Link href={listPath} className="w-fit text-sm text-link hover:underline">
          Groups
        </Link>
        <h2 className="text-lg font-semibold wrap-anywhere">{name}</h2>
        {description ? <p className="max-w-prose text-muted-foreground text-pretty">{description}</p> : null}
        {claimValue === null ? null : (
          <p className="mt-1 flex flex-wrap items-center gap-1.5 text-sm text-muted-foreground">
            The identity provider puts in whoever has the claim value
            <Badge tone="outline" className="font-data">
              {claimValue}
            </Badge>
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <ConfirmAction
          trigger={<Button>Delete</Button>}
          title={`Delete the group “${name}”?`}
          confirmLabel="Delete group"
          destructive
          action={deleteGroup}
          input={{ id }}
          done={`Group “${name}” deleted`}
          onDone={() => router.push(listPath)}
        >
          <WhoLosesWhat group={group} />
        </ConfirmAction>
        <GroupDialog
          // The form is created from the current state of the group.
          key={JSON.stringify(text)}
          trigger={<Button>Edit details</Button>}
          title={`Edit ${name}`}
          submitLabel="Save"
          initial={text}
          save={next => updateGroup({ ...next, id, expected: text })}
          onDone={() => toast("Group changed")}
        />
      </div>
    </div>
  )
}

function WhoLosesWhat({ group: { members, roles, invited } }: { readonly group: GroupDetail }) {
  const names = inWords(members.map(({ name }) => name))
  const given = inWords(roles.map(({ name }) => name))
  return (
    <>
      <p>
        {members.length === 0
          ? "Nobody is in it, so nobody loses anything."
          : given === ""
            ? `${names} (${counted(members.length, ["member", "members"])}) ${verb(members.length, "leaves", "leave")} it. It has no roles, so nothing else is lost.`
            : `${names} (${counted(members.length, ["member", "members"])}) ${verb(members.length, "loses", "lose")} ${given} at the next request, except what they hold some other way.`}
      </p>
      {invited.length > 0 ? (
        <p>
          {counted(invited.length, ["invitation stays", "invitations stay"])} open without it:{" "}
          {inWords(invited)}.
        </p>
      ) : null}
      <p>Events that name the group stay as they are.</p>
    </>
  )
}
