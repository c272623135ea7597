import { z } from "zod"
import { missingForGranting } from "@/lib/access/granting"
import { type HeldThrough, throughOf } from "@/lib/access/held-roles"
import type { Principal } from "@/lib/access/principal"
import { listLiveSessions } from "@/lib/access/sign-in/sessions"
import { operation, type Work } from "@/lib/operations/core/operation"
import { activeElsewhere, keysMadeBy, type StayingKey, sessionsRefusal } from "./end-access"
import { personIdInput } from "./input"
import { findMemberOf, isSelf, type Member, type MemberStatus } from "./member"
import { type Effect, explain } from "./why"

/** A browser in which a member is signed in. */
export interface MemberSession {
  readonly id: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly lastSeenAt: string
  readonly createdAt: string
  /** True for the session of the caller. */
  readonly isThisOne: boolean
}

/** A role of a member, held in one of several ways. */
export interface MemberRole {
  readonly id: string
  readonly name: string
  readonly through: HeldThrough
}

/** A member with everything to know before changing their access. */
export interface MemberDetail {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: MemberStatus
  readonly createdAt: string
  readonly lastSeenAt: string | null
  readonly isSelf: boolean
  readonly roles: readonly MemberRole[]
  readonly groups: readonly { readonly id: string; readonly name: string; readonly fromClaim: boolean }[]
  readonly effect: Effect
  readonly sessions: readonly MemberSession[]
  /** Why their sessions are neither shown nor can be ended here; null when they can. */
  readonly sessionsRefusal: string | null
  /** Active API keys that they created. */
  readonly keys: readonly StayingKey[]
  /** Why the caller cannot change their access; null when they can. */
  readonly refusal: string | null
}

/** Finds one member: what they hold and why, what they may see, and their sessions. */
export const findMember = operation({
  name: "organization_member.find",
  summary: "Finds one member: what they may do and why, their groups and their sessions.",
  permission: "MEMBER-MANAGEMENT",
  effect: "read",
  input: z.strictObject({ personId: personIdInput }),
  run: ({ read }, { personId }): Promise<MemberDetail> =>
    read(async work => {
      const member = await findMemberOf(work, personId)
      const key = { organizationId: work.organization.id, personId }
      return {
        ...summaryOf(member, work.caller.principal),
        ...(await surroundingsOf(work, personId)),
        effect: explain(member.roles, key, { apps: await appNames(work) }),
        ...(await sessionsOf(work, member)),
      }
    }),
})

function summaryOf(member: Member, principal: Principal) {
  const { personId, name, email, status, createdAt, lastSeenAt, roles } = member
  return {
    ...{ personId, name, email, status },
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    isSelf: isSelf(principal, member),
    roles: roles.map(role => ({ id: role.roleId, name: role.name, through: throughOf(role) })),
    refusal: refusalOf(principal, member),
  }
}

function refusalOf(principal: Principal, { name, roles }: Member): string | null {
  const missing = missingForGranting(principal, roles)
  if (missing.length === 0) return null
  return `You cannot act on ${name}: they hold what you do not hold yourself (${missing.join(", ")}).`
}

async function surroundingsOf(work: Work, personId: string) {
  const places = await work.prisma.groupMember.findMany({
    where: { organizationId: work.organization.id, personId },
    select: { fromClaim: true, group: { select: { id: true, name: true } } },
    orderBy: [{ group: { name: "asc" } }, { groupId: "asc" }],
  })
  return {
    groups: places.map(({ group, fromClaim }) => ({ ...group, fromClaim })),
    keys: await keysMadeBy(work, personId),
  }
}

async function appNames({ prisma, organization }: Work) {
  const apps = await prisma.app.findMany({
    where: { organizationId: organization.id },
    select: { id: true, name: true },
  })
  return new Map(apps.map(({ id, name }) => [id, name]))
}

async function sessionsOf(
  work: Work,
  member: Member,
): Promise<Pick<MemberDetail, "sessions" | "sessionsRefusal">> {
  const { principal, at } = work.caller
  const refusal = sessionsRefusal(principal, member, await activeElsewhere(work, member.personId))
  if (refusal !== null) return { sessions: [], sessionsRefusal: refusal }
  const sessionHash = principal.kind === "person" ? principal.sessionHash : ""
  const found = await listLiveSessions(work.prisma, { personId: member.personId, sessionHash, at })
  const sessions = found.map(({ id, ip, userAgent, lastSeenAt, createdAt, isThisOne }) => ({
    ...{ id, ip, userAgent, isThisOne },
    lastSeenAt: lastSeenAt.toISOString(),
    createdAt: createdAt.toISOString(),
  }))
  return { sessions, sessionsRefusal: null }
}
