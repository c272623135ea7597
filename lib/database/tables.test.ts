import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"

// Looked up by a name or a hash before any organization is known, so without row-level security; only lib/access reads
// them.
const directoryTables = [
  "api_key",
  "attempt",
  "identity",
  "invitation",
  "mail_message",
  "membership",
  "one_time_task",
  "organization",
  "person",
  "session",
  "sign_in_link",
  // Positions and counts of deliveries; the worker looks for those of every organization.
  "sink_cursor",
]
// Work of the whole installation: belongs to no organization, and holds nothing of one.
const installationTables = ["job_run", "server_setting"]
// Rows of one organization each: row-level security, forced.
const organizationTables = [
  "public.app",
  "public.capture_count",
  "public.capture_endpoint",
  "public.capture_instance",
  "public.capture_policy",
  "public.clarifai_user_id",
  "public.collaborator",
  "public.group_app",
  "public.group_member",
  "public.group_role",
  "public.invitation_app",
  "public.invitation_group",
  "public.invitation_role",
  "public.member_group",
  "public.membership_role",
  "public.role",
  "public.sink",
  "public.sink_dead_letter",
  "public.sink_delivery",
  "ledger.entry",
  "ledger.event",
  "ledger.head",
  "ledger.rollup_day",
  "ledger.rollup_hour",
]

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.close())

describe("every table", () => {
  it("is declared as directory or as belonging to an organization", async () => {
    const { rows } = await test.superuser.query(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
    )
    const declared = [
      ...[...directoryTables, ...installationTables].map(name => `public.${name}`),
      ...organizationTables,
      "public._prisma_migrations",
    ]
    expect(rows.map(row => row.name)).toEqual(declared.toSorted())
  })

  it("of an organization has row-level security, forced; so has every partition, with no policy of its own", async () => {
    const { rows } = await test.superuser.query(
      `SELECT n.nspname || '.' || c.relname AS name, c.relispartition AS partition, c.relrowsecurity AND c.relforcerowsecurity AS forced,
         (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'ledger') AND c.relkind IN ('r', 'p')`,
    )
    const forced = rows.filter(row => row.forced)
    expect(
      forced
        .filter(row => !row.partition)
        .map(row => row.name)
        .toSorted(),
    ).toEqual(organizationTables.toSorted())
    const partitions = rows.filter(row => row.partition)
    expect(partitions.length).toBeGreaterThan(5)
    expect(partitions.filter(row => !row.forced || row.policies > 0)).toEqual([])
    expect(forced.filter(row => !row.partition && row.policies === 0)).toEqual([])
  })

  it("of the installation has no column for anything of an organization, and refers to no other table", async () => {
    const { rows } = await test.superuser.query(
      `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
         (SELECT count(*)::int FROM pg_constraint f WHERE f.contype = 'f' AND c.oid IN (f.conrelid, f.confrelid)) AS references
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1) GROUP BY c.oid, 1`,
      [installationTables],
    )
    const times = ["heartbeat_at", "last_started_at", "last_finished_at", "last_done_at"]
    const columns = ["name", "created_at", "lease", "leased_until", ...times, "outcome", "error", "next_at"]
    expect(rows.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: "job_run", columns, references: 0 },
      { name: "server_setting", columns: ["name", "value", "changed_at"], references: 0 },
    ])
  })

  it("has unique keys that begin with the organization, or are random ids and hashes", async () => {
    const { rows } = await test.superuser.query(
      `SELECT i.indrelid::regclass::text AS table, array_agg(a.attname::text ORDER BY k.position) AS columns
       FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, position)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum JOIN pg_class c ON c.oid = i.indrelid
       WHERE i.indisunique AND NOT c.relispartition AND c.relnamespace::regnamespace::text IN ('public', 'ledger') GROUP BY i.indexrelid, 1`,
    )
    const random = new Set(["id", "secret_hash", "id_hash", "token_hash"])
    const others = rows.filter(
      row =>
        row.columns[0] !== "organization_id" && !(row.columns.length === 1 && random.has(row.columns[0])),
    )
    expect(others.map(row => `${row.table}(${row.columns})`).toSorted()).toEqual([
      "attempt(kind,key,started_at)",
      // One organization of the installation has it.
      "clarifai_user_id(value)",
      "identity(issuer,subject)",
      "job_run(name)",
      "one_time_task(name)",
      "organization(slug)",
      "person(email)",
      "server_setting(name)",
    ])
  })
})
