import Link from "next/link"
import type { ReactNode } from "react"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import type { MemberFacts as Facts } from "./member"
import { SessionsTable } from "./sessions-table"
import { ThroughWhat, WhyTable } from "./why-table"

export interface MemberFactsProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly member: Facts
  /** Whether the reader can look at other people's events. */
  readonly seesLog: boolean
  /** Ends the sessions; null when there is nothing to end, or the reader may not. */
  readonly endSessions: ReactNode
}

/** A member: their identity, their roles and where these come from, their permissions, and their sessions. */
export function MemberFacts({ slug, member, seesLog, endSessions }: MemberFactsProps) {
  return (
    <div className="grid gap-6">
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm">
        <Fact label="Audit logs">
          {member.effect.sees}{" "}
          {seesLog ? (
            <Link
              href={`/${slug}/admin/audit-logs?actor=${encodeURIComponent(member.personId)}`}
              className="text-link underline underline-offset-2"
            >
              Their events
            </Link>
          ) : null}
        </Fact>
        <Fact label="Member since">
          <TimeOrWord at={member.createdAt} word="" format="day" />
        </Fact>
        <Fact label="Last seen">
          <TimeOrWord at={member.lastSeenAt} word="Never" />
        </Fact>
      </dl>
      <Part title="Roles">
        {member.roles.length === 0 ? (
          <None>None. A member without roles belongs to the organization, and sees nothing in it.</None>
        ) : (
          <List>
            {member.roles.map(({ id, name, through }) => (
              <li
                key={JSON.stringify([id, through])}
                className="flex flex-wrap justify-between gap-x-4 px-3 py-2"
              >
                <span className="font-medium">{name}</span>
                <ThroughWhat slug={slug} through={through} />
              </li>
            ))}
          </List>
        )}
      </Part>
      <Part title="Groups">
        {member.groups.length === 0 ? (
          <None>None.</None>
        ) : (
          <List>
            {member.groups.map(({ id, name, fromClaim }) => (
              <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 px-3 py-2">
                <Link
                  href={`/${slug}/admin/settings/access-control/groups/${id}`}
                  className="font-medium hover:text-link hover:underline"
                >
                  {name}
                </Link>
                {fromClaim ? <Badge tone="outline">By the identity provider</Badge> : null}
              </li>
            ))}
          </List>
        )}
      </Part>
      <Part title="Permissions">
        <WhyTable slug={slug} name={member.name} effect={member.effect} />
      </Part>
      <Part title="Sessions" action={endSessions}>
        {member.sessionsRefusal === null ? (
          <SessionsTable name={member.name} sessions={member.sessions} />
        ) : (
          <None>{member.sessionsRefusal}</None>
        )}
      </Part>
    </div>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground">{label}</dt>
      <dd>{children}</dd>
    </>
  )
}

interface PartProps {
  readonly title: string
  readonly action?: ReactNode
  readonly children: ReactNode
}

function Part({ title, action, children }: PartProps) {
  return (
    <section aria-label={title} className="grid gap-2">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  )
}

function List({ children }: { readonly children: ReactNode }) {
  return <ul className="grid divide-y rounded-md border bg-card text-sm">{children}</ul>
}

function None({ children }: { readonly children: ReactNode }) {
  return <p className="text-sm text-muted-foreground text-pretty">{children}</p>
}
