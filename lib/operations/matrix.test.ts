import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { expandPermissions, type Permission, permissions } from "@/lib/access/permissions"
import { AppError } from "@/lib/errors"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { createApp } from "@/lib/operations/apps/create"
import { db, platform } from "@/test/platform"
import { recentProofMs } from "./core/authorise"
import { execute } from "./core/execute"
import type { AnyOperation, Caller } from "./core/operation"
import { callerFor, callerOf, job, makeAccount, makeOrganization, nobody, signIn } from "./fixtures/access"
import { home, memberAs, memberWith, setUpHome } from "./fixtures/home"
import { operations } from "./registry"

setUpHome(beforeAll)

let appIds: readonly string[]
beforeAll(async () => {
  const apps = [
    await execute(createApp, job(home), { slug: "billing", name: "Billing" }),
    await execute(createApp, job(home), { slug: "vision", name: "Vision" }),
  ]
  appIds = apps.map(app => app.id)
})

/** The result of a call before its input was read: `permitted`, or the code of the refusal. */
type End = "permitted" | "unauthenticated" | "forbidden" | "not-found" | "proof-required"

interface Row {
  readonly who: string
  readonly kind: "person" | "api-key" | "job" | "anonymous"
  /** The permissions that they were given, without those that these include. */
  readonly held: readonly Permission[]
  /** They have no access to the organization: everything in it is not found. */
  readonly outside?: true
  readonly enter: () => Promise<Caller>
}

async function withoutRoles(): Promise<Caller> {
  const { email, personId } = await makeAccount(home)
  await db.superuser.query("DELETE FROM membership_role WHERE person_id = $1", [personId])
  return callerOf(platform, await signIn(email), home.slug)
}

/** A role limited to one app, held through a group that is limited to another: no app is in both. */
async function blind(): Promise<Caller> {
  const { email, personId } = await makeAccount(home)
  const [role, group] = [randomUUID(), randomUUID()]
  const [first, second] = appIds
  const statements: readonly [string, readonly unknown[]][] = [
    [
      "INSERT INTO role (id, organization_id, name, permissions, app_ids) VALUES ($2, $1, $3, '{LOG-MANAGEMENT}', ARRAY[$4::uuid])",
      [role, `Role ${role}`, first],
    ],
    ["INSERT INTO member_group (id, organization_id, name) VALUES ($2, $1, $3)", [group, `Group ${group}`]],
    ["INSERT INTO group_role (organization_id, group_id, role_id) VALUES ($1, $2, $3)", [group, role]],
    ["INSERT INTO group_app (organization_id, group_id, app_id) VALUES ($1, $2, $3)", [group, second]],
    [
      "INSERT INTO group_member (organization_id, group_id, person_id) VALUES ($1, $2, $3)",
      [group, personId],
    ],
  ]
  for (const [text, values] of statements) await db.superuser.query(text, [home.id, ...values])
  return callerOf(platform, await signIn(email), home.slug)
}

async function suspended(): Promise<Caller> {
  const { email, personId } = await makeAccount(home, ["Organization Administrator"])
  const session = await signIn(email)
  await db.superuser.query("UPDATE membership SET status = 'suspended' WHERE person_id = $1", [personId])
  return callerOf(platform, session, home.slug)
}

async function stranger(): Promise<Caller> {
  const { email } = await makeAccount(await makeOrganization(), ["Organization Administrator"])
  return callerOf(platform, await signIn(email), home.slug)
}

async function keyWith(scope: Permission): Promise<Caller> {
  const made = await execute(createApiKey, job(home), {
    app: "billing",
    name: `Key ${scope}`,
    scopes: ["LOG-OWN"],
    expiresAt: null,
  })
  // Whatever scopes a key may have today: what keys must not do is tested with every scope.
  await db.superuser.query("UPDATE api_key SET scopes = $2 WHERE id = $1", [made.id, [scope]])
  return callerFor(await platform.keys.principalOf(made.key, null, new Date()))
}

const reading: readonly Permission[] = ["LOG-MANAGEMENT"]

const rows: readonly Row[] = [
  {
    who: "an administrator",
    kind: "person",
    held: permissions,
    enter: () => memberAs(["Organization Administrator"]),
  },
  { who: "an Auditor", kind: "person", held: reading, enter: () => memberAs(["Auditor"]) },
  { who: "a Member", kind: "person", held: [], enter: () => memberAs(["Member"]) },
  { who: "a member without roles", kind: "person", held: [], enter: withoutRoles },
  {
    who: "the holder of a role limited to one app",
    kind: "person",
    held: reading,
    enter: () => memberWith(reading, appIds.slice(0, 1)),
  },
  {
    who: "the holder of every permission in one app",
    kind: "person",
    held: reading,
    enter: () => memberWith(permissions, appIds.slice(0, 1)),
  },
  { who: "the holder of a role in no app at all", kind: "person", held: [], enter: blind },
  ...permissions.map(
    (permission): Row => ({
      who: `a person with ${permission} alone`,
      kind: "person",
      held: [permission],
      enter: () => memberWith([permission]),
    }),
  ),
  ...permissions.map(
    (permission): Row => ({
      who: `a key with ${permission} alone`,
      kind: "api-key",
      held: [permission],
      enter: () => keyWith(permission),
    }),
  ),
  { who: "a suspended administrator", kind: "person", held: [], outside: true, enter: suspended },
  { who: "another organization's administrator", kind: "person", held: [], outside: true, enter: stranger },
  { who: "somebody signed out", kind: "anonymous", held: [], enter: async () => nobody() },
  { who: "a job of ours", kind: "job", held: permissions, enter: async () => job(home) },
]

/** Returns what the declaration of an operation means for a caller, derived apart from the code under test. */
function expectedEnd({ permission }: AnyOperation, { kind, held, outside }: Row): End {
  if (outside) return "not-found"
  if (permission === "public") return "permitted"
  if (kind === "anonymous") return "unauthenticated"
  if (permission === "signed-in") return kind === "person" ? "permitted" : "forbidden"
  const all = expandPermissions(held)
  // A sink reads everything.
  const isBlind = permission === "SINK-MANAGEMENT" && !all.has("LOG-MANAGEMENT")
  return all.has(permission) && !isBlind ? "permitted" : "forbidden"
}

/** Calls an operation, and ends the call when it asks for its input. */
async function endOf(operation: AnyOperation, caller: Caller): Promise<string> {
  const asked = new AppError("malformed", "The input was asked for.")
  try {
    await execute(operation, caller, () => {
      throw asked
    })
    return "ran without input"
  } catch (error) {
    if (error === asked) return "permitted"
    return error instanceof AppError ? error.code : String(error)
  }
}

const anId = "0193b5a6-0000-7000-8000-000000000000"

/** A valid input for each dangerous operation. Add new ones here. */
const dangerousInput: Readonly<Record<string, unknown>> = {
  "support_dump.create": {},
  "identity.connect": {
    identity: {
      ...{ issuer: "https://id.example", subject: "1", email: null, emailVerified: false },
      ...{ name: null, groups: null },
    },
    allowedDomains: [],
    begunIn: "",
  },
  "identity.disconnect": { identityId: anId },
  "api_key.create": { app: "billing", name: "Key", scopes: ["LOG-INGESTION"], expiresAt: null },
  "api_key.rotate": { id: anId, expiresAt: null },
  "application.restore": { app: "billing" },
  "sink.create": { name: "Sink", kind: "webhook", settings: { url: "https://hooks.example.com/" } },
}

const codeOf = (error: unknown) => (error instanceof AppError ? error.code : String(error))

describe("every operation is open to whom it is declared for, and to nobody else, before its input is read", () => {
  test.each(rows.map(row => [row.who, row] as const))("%s", async (_, row) => {
    const entered = await row.enter().catch(codeOf)
    for (const operation of operations) {
      const end = typeof entered === "string" ? entered : await endOf(operation, entered)
      expect(`${operation.name}: ${end}`).toBe(`${operation.name}: ${expectedEnd(operation, row)}`)
    }
  })

  describe("a person whose proof is old", () => {
    const late = async (): Promise<Caller> => {
      const administrator = await memberAs(["Organization Administrator"])
      return { ...administrator, at: new Date(administrator.at.getTime() + recentProofMs + 60_000) }
    }

    test("has to prove again what is dangerous, and only that", async () => {
      const caller = await late()
      for (const operation of operations) {
        const { name, recentProof } = operation
        const end = recentProof
          ? await execute(operation, caller, dangerousInput[name]).then(() => "done", codeOf)
          : await endOf(operation, caller)
        expect(`${name}: ${end}`).toBe(`${name}: ${recentProof ? "proof-required" : "permitted"}`)
      }
    })

    test("is told what is wrong with the input first: nobody proves who they are for what cannot be done", async () => {
      const caller = await late()
      for (const operation of operations.filter(({ recentProof }) => recentProof)) {
        const end = await execute(operation, caller, { nothing: "like this" }).then(() => "done", codeOf)
        expect(`${operation.name}: ${end}`).toBe(`${operation.name}: invalid`)
      }
    })
  })
})
