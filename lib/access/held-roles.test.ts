import { afterAll, beforeAll, expect, test } from "vitest"
import type { Tx } from "@/lib/database/tx"
import { createTestDatabase, type TestDatabase, type TestOrganization } from "@/test/database"
import { heldRolesOf } from "./held-roles"

const members = 3_000

let db: TestDatabase
let crowd: TestOrganization
let personId: string

/** Two thirds hold a role directly, each member is in three groups of sixty, and every tenth is a collaborator. */
beforeAll(async () => {
  db = await createTestDatabase()
  crowd = await db.organization()
  const uuid = (kind: number, number: string) =>
    `('0000000${kind}-0000-4000-8000-' || lpad((${number})::text, 12, '0'))::uuid`
  const person = (number: string) => uuid(1, number)
  const role = (number: string) => uuid(2, number)
  const group = (number: string) => uuid(3, number)
  const all = `generate_series(1, ${members}) n`
  const statements = [
    `INSERT INTO person (id, email, name) SELECT ${person("n")}, 'p' || n || '@acme.example', 'P' || n FROM ${all}`,
    `INSERT INTO membership (organization_id, person_id) SELECT '${crowd.id}', ${person("n")} FROM ${all}`,
    `INSERT INTO role (id, organization_id, name, permissions, app_ids)
       SELECT ${role("n")}, '${crowd.id}', 'Role ' || n, '{LOG-MANAGEMENT}', '{}' FROM generate_series(0, 39) n`,
    `INSERT INTO member_group (id, organization_id, name) SELECT ${group("n")}, '${crowd.id}', 'Group ' || n FROM generate_series(0, 59) n`,
    `INSERT INTO group_role (organization_id, group_id, role_id)
       SELECT '${crowd.id}', ${group("n")}, ${role("(n + m) % 40")} FROM generate_series(0, 59) n, generate_series(0, 2) m`,
    `INSERT INTO membership_role (organization_id, person_id, role_id)
       SELECT '${crowd.id}', ${person("n")}, ${role("n % 40")} FROM ${all} WHERE n % 3 > 0`,
    `INSERT INTO group_member (organization_id, group_id, person_id)
       SELECT '${crowd.id}', ${group("(n + m * 7) % 60")}, ${person("n")} FROM ${all}, generate_series(0, 2) m`,
    `INSERT INTO collaborator (organization_id, app_id, person_id, role_id)
       SELECT '${crowd.id}', '${crowd.appId}', ${person("n")}, ${role("n % 40")} FROM ${all} WHERE n % 10 = 0`,
  ]
  for (const statement of statements) await db.superuser.query(statement)
  await db.superuser.query("ANALYZE")
  const { rows } = await db.superuser.query(`SELECT ${person("100")} AS id`)
  personId = rows[0].id
})
afterAll(() => db.close())

interface RawNode {
  readonly "Node Type": string
  readonly "Relation Name"?: string
  readonly Plans?: readonly RawNode[]
}

function scannedWhole(node: RawNode): readonly string[] {
  const own = node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? ""] : []
  return [...own, ...(node.Plans ?? []).flatMap(scannedWhole)]
}

test("one member's roles are found by indexes among thousands of members, as the application role", async () => {
  const target = { organizationId: crowd.id, personId }
  const read = await db.database.withOrganization(crowd.id, async tx => {
    const plans: RawNode[] = []
    const explaining: Tx = {
      ...tx,
      query: async (sql, values) => {
        const [row] = await tx.query<{ "QUERY PLAN": readonly { readonly Plan: RawNode }[] }>(
          `EXPLAIN (FORMAT JSON) ${sql}`,
          values,
        )
        plans.push(...(row?.["QUERY PLAN"] ?? []).map(plan => plan.Plan))
        return tx.query(sql, values)
      },
    }
    return { held: await heldRolesOf(explaining, target), plans }
  })
  // One direct role, three from each of three groups, one as a collaborator.
  expect(read.held).toHaveLength(11)
  expect(new Set(read.held.map(role => role.group?.name ?? null)).size).toBe(4)
  expect(read.held.filter(role => role.collaboratorApp !== null)).toHaveLength(1)
  expect(read.plans).toHaveLength(1)
  const large = ["membership", "membership_role", "group_member", "collaborator", "person"]
  expect(read.plans.flatMap(scannedWhole).filter(table => large.includes(table))).toEqual([])
})
