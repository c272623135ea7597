// Fills the demo organization, once in the life of a database, which remembers it: its people, apps and some fifty thousand
// events over two years. After an interruption, the next run continues: every id depends on the organization alone, so
// existing data are recognised. A database with its own organizations is left unchanged.

import { randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { jobPrincipal, type OrganizationRef } from "@/lib/access/principal"
import type { AppendResult, PreparedEvent } from "@/lib/audit/event/event"
import { parseEvent } from "@/lib/audit/event/parse"
import { newId } from "@/lib/audit/ids"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { createGroup } from "@/lib/operations/groups/change"
import { listGroups } from "@/lib/operations/groups/list"
import { addGroupMembers } from "@/lib/operations/groups/members"
import { addGroupRoles } from "@/lib/operations/groups/roles"
import { addMember } from "@/lib/operations/members/add"
import { createOrganization } from "@/lib/operations/organizations/create"
import { createRole } from "@/lib/operations/roles/change"
import { listRoles } from "@/lib/operations/roles/list"
import { platform } from "@/lib/platform"
import { demoEvents, type SeedEvent } from "./demo/events"
import { beginDemo, finishDemo } from "./demo/once"
import { demoApps } from "./demo/people"
import { referenceEvents } from "./demo/reference"

const slug = "acme"
const batchEvents = 1000

const members = [
  { email: "ada@acme.example", name: "Ada Kowalska", roles: ["Organization Administrator"] },
  { email: "hannah.weiss@acme.example", name: "Hannah Weiss", roles: ["Auditor"] },
  { email: "samuel.adeyemi@acme.example", name: "Samuel Adeyemi", roles: ["Member"] },
  { email: "mei.okafor@acme.example", name: "Mei Okafor", roles: ["Member"] },
] as const

/** A role that shows one app's events only, and the group that gives it to its members. */
const reviewing = {
  role: {
    name: "Model Hub readers",
    description: "Reads what happened in Model Hub, and in no other app.",
    permissions: ["LOG-MANAGEMENT"],
  },
  app: "model-hub",
  group: { name: "Model reviewers", description: "Look at what changed in Model Hub before it is released." },
  member: "mei.okafor@acme.example",
} as const

interface Demo {
  readonly organization: OrganizationRef
  /** The end of the demo's time: when the organization was created. */
  readonly madeAt: Date
}

async function main(): Promise<void> {
  const { database } = platform()
  const id = await beginDemo(database)
  if (id === null) return
  const found = await database.prisma.organization.findUnique({ where: { id } })
  const demo: Demo = found
    ? { organization: { id, slug: found.slug, name: found.name }, madeAt: found.createdAt }
    : await makeOrganization(id)
  const caller = callerFor(demo.organization)
  await makeMembers(caller)
  const appIds = await makeApps(caller, demo.organization)
  const events = [...referenceEvents(appIds), ...demoEvents(demo.madeAt.getTime(), demo.organization.id)]
  await makeReviewers(caller, appIds)
  await appendAll(demo.organization, appIds, events)
  await finishDemo(database)
  console.log(`The demo organization holds ${events.length.toLocaleString("en")} events.`)
}

function callerFor(organization: OrganizationRef): Caller {
  return {
    principal: jobPrincipal("seed", organization),
    source: undefined,
    requestId: `seed-${randomBytes(8).toString("hex")}`,
    at: new Date(),
  }
}

async function makeOrganization(id: string): Promise<Demo> {
  const madeAt = new Date()
  const intended = { id, slug, name: "Acme Robotics" }
  const caller = { ...callerFor(intended), at: madeAt }
  return { organization: await execute(createOrganization, caller, { slug, name: intended.name }), madeAt }
}

async function makeMembers(caller: Caller): Promise<void> {
  const { database } = platform()
  for (const member of members) {
    const known = await database.prisma.person.findUnique({ where: { email: member.email } })
    if (!known) await execute(addMember, caller, member)
  }
}

async function makeApps(caller: Caller, organization: OrganizationRef): Promise<ReadonlyMap<string, string>> {
  const { database } = platform()
  const list = () =>
    database.withOrganizationPrisma(organization.id, ({ prisma }) =>
      prisma.app.findMany({ where: { organizationId: organization.id }, select: { id: true, slug: true } }),
    )
  const known = new Set((await list()).map(app => app.slug))
  for (const app of demoApps) if (!known.has(app.slug)) await execute(createApp, caller, app)
  return new Map((await list()).map(app => [app.slug, app.id]))
}

async function makeReviewers(caller: Caller, appIds: ReadonlyMap<string, string>): Promise<void> {
  const appId = appIds.get(reviewing.app)
  if (appId === undefined) throw new Error(`The demo has no app ${reviewing.app}.`)
  const roles = await execute(listRoles, caller, {})
  const role =
    roles.find(({ name }) => name === reviewing.role.name) ??
    (await execute(createRole, caller, { ...reviewing.role, appIds: [appId] }))
  const groups = await execute(listGroups, caller, {})
  const known = groups.find(({ name }) => name === reviewing.group.name)
  const { id } = known ?? (await execute(createGroup, caller, reviewing.group))
  if (!known?.roles.length) await execute(addGroupRoles, caller, { id, roleIds: [role.id] })
  if (known?.members) return
  const { prisma } = platform().database
  const person = await prisma.person.findUniqueOrThrow({ where: { email: reviewing.member } })
  await execute(addGroupMembers, caller, { id, personIds: [person.id] })
}

async function appendAll(
  organization: OrganizationRef,
  appIds: ReadonlyMap<string, string>,
  events: readonly SeedEvent[],
): Promise<void> {
  for (let start = 0; start < events.length; start += batchEvents) {
    const prepared = events
      .slice(start, start + batchEvents)
      .map(event => prepare(event, organization.id, appIds))
    const results = await platform().ledger.append(organization.id, prepared)
    refuseConflicts(results)
    process.stderr.write(
      `\r  ${Math.min(start + batchEvents, events.length)} of ${events.length} demo events`,
    )
    // Lets signals and timers run between two batches.
    await sleep(0)
  }
  process.stderr.write("\n")
}

function prepare(
  { app, input }: SeedEvent,
  organizationId: string,
  appIds: ReadonlyMap<string, string>,
): PreparedEvent {
  const appId = appIds.get(app)
  if (appId === undefined) throw new Error(`The demo has no app ${app}.`)
  const parsed = parseEvent(input, {
    organizationId,
    appId,
    newId: () => newId(Date.now()),
  })
  if (parsed.ok) return parsed.prepared
  const faults = parsed.faults.map(({ pointer, message }) => `${pointer}: ${message}`)
  throw new Error(`A demo event is not acceptable: ${faults.join("; ")}`)
}

function refuseConflicts(results: readonly AppendResult[]): void {
  const conflict = results.find(result => result.outcome === "conflict")
  if (conflict) throw new Error(`The demo event ${conflict.id} is there already with another content.`)
}

await main()
await platform().database.close()
