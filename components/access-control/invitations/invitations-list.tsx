"use client"

import { MailPlus, SearchX } from "lucide-react"
import { useState } from "react"
import { ListToolbar } from "@/components/access-control/list-toolbar"
import type { Submit } from "@/components/form/use-submit"
import { matches } from "@/components/ui/choice-list"
import { EmptyState } from "@/components/ui/empty-state"
import { givesText, type InvitationRow } from "./invitation"
import { InvitationsTable } from "./invitations-table"

export interface InvitationsListProps {
  readonly invitations: readonly InvitationRow[]
  readonly resend: Submit<unknown, { readonly id: string }>
  readonly revoke: Submit<unknown, { readonly id: string }>
}

/** The invitations, filtered while typing: the open ones, then the ended ones. */
export function InvitationsList({ invitations, ...actions }: InvitationsListProps) {
  const [typed, setTyped] = useState("")
  const shown = invitations.filter(invitation =>
    matches(typed, invitation.email, invitation.state, givesText(invitation), invitation.invitedBy ?? ""),
  )
  const pending = shown.filter(({ state }) => state === "open")
  const ended = shown.filter(({ state }) => state !== "open")
  return (
    <section aria-label="Invitations" className="grid gap-5">
      <ListToolbar searchLabel="Search invitations" typed={typed} onType={setTyped} />
      {invitations.length === 0 ? (
        <div className="rounded-md border bg-card">
          <EmptyState icon={MailPlus} title="Nobody has been invited yet" className="py-10!">
            <p>
              People who are invited get an e-mail with a link of their own. What becomes of each invitation
              is shown here.
            </p>
          </EmptyState>
        </div>
      ) : shown.length === 0 ? (
        <div className="rounded-md border bg-card">
          <EmptyState icon={SearchX} title="No invitation is like that" className="py-10!">
            <p>Search by e-mail, role, group, inviter or state.</p>
          </EmptyState>
        </div>
      ) : (
        <>
          <Part
            title="Pending"
            none="Nobody has an invitation to answer."
            invitations={pending}
            {...actions}
          />
          <Part title="Ended" none="No invitation has ended." invitations={ended} {...actions} />
        </>
      )}
    </section>
  )
}

interface PartProps extends InvitationsListProps {
  readonly title: string
  readonly none: string
}

function Part({ title, none, invitations, ...actions }: PartProps) {
  return (
    <section className="grid gap-2">
      <h2 className="flex items-baseline gap-2 font-semibold">
        {title}
        <span className="text-sm font-normal text-muted-foreground">{invitations.length}</span>
      </h2>
      {invitations.length === 0 ? (
        <p className="text-sm text-muted-foreground">{none}</p>
      ) : (
        <InvitationsTable title={title} invitations={invitations} {...actions} />
      )}
    </section>
  )
}
