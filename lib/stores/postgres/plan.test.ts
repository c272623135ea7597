import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Scope, Selection } from "@/lib/audit/query/selection"
import { addMicroseconds, instantFromDate } from "@/lib/audit/time/instant"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { valuesOf } from "@/test/query-values"
import { crowd, crowdStatements } from "./crowd"
import {
  explaining,
  literal,
  type PlanNode,
  partitions,
  plainName,
  planOf,
  type Statement,
  sorts,
} from "./plans.contract"
import { postgresStore } from "./store"

// The middle of the month: in its first hours its partition contains so little that reading it whole is fastest.
const [thisMonth] = new Date().toISOString().split(/-\d\dT/)
const endsAt = instantFromDate(new Date(`${thisMonth}-15T12:00:00Z`))
const day = 86_400_000_000
const window = (days: number) => ({
  from: addMicroseconds(endsAt, -days * day),
  before: addMicroseconds(endsAt, 1),
})
const everything: Selection = {
  window: window(730),
  include: {},
  exclude: {},
  text: null,
  order: "newest",
  asOf: null,
}
const scope: Scope = { organizationId: crowd.largest, appIds: null, actorId: null }
const rareOperation = "user.update.rare"

/** Runs as the application role on a log of many organizations, because the owner's plans prove nothing. */
describe("plans of the PostgreSQL store", () => {
  let test: TestDatabase
  let statements: Statement[]
  /** The parent's name of each partition's index, and the partitions that contain anything. */
  let indexes: ReadonlyMap<string, string>
  let filled: ReadonlySet<string>

  beforeAll(async () => {
    test = await createTestDatabase()
    for (const statement of crowdStatements(endsAt)) await test.superuser.query(statement)
    const { rows } = await test.superuser.query<{ child: string; parent: string }>(
      "SELECT inhrelid::regclass::text AS child, inhparent::regclass::text AS parent FROM pg_inherits",
    )
    indexes = new Map(rows.map(({ child, parent }) => [plainName(child), plainName(parent)]))
    const tables = await test.superuser.query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'event%' AND reltuples > 0",
    )
    filled = new Set(tables.rows.map(row => row.relname))
  })
  afterAll(() => test.close())

  /** Every statement that the work sends, with its plan. */
  async function explain(work: (store: ReturnType<typeof postgresStore>) => Promise<unknown>) {
    statements = []
    await work(postgresStore(explaining(test.database, statements)))
    return statements
  }

  const searched = (selection: Partial<Selection>, within = scope) =>
    explain(store => store.search(within, { ...everything, ...selection }, { limit: 50, after: null }))

  /** The indexes, by their parent's name, through which the filled partitions are read. */
  const indexesOf = (plan: readonly PlanNode[]) =>
    new Set(plan.flatMap(node => (node.index ? [indexes.get(node.index) ?? node.index] : [])))

  it("are those of the role whose settings are shipped", async () => {
    const rows = await test.database.queryDirectly(
      "SELECT current_user AS role, current_setting('plan_cache_mode') AS cache, current_setting('jit') AS jit, current_setting('random_page_cost') AS cost",
    )
    expect(rows).toEqual([{ role: "auditorium_app", cache: "force_custom_plan", jit: "off", cost: "1.1" }])
  })

  const filters: [string, string, Partial<Selection>][] = [
    ["an app", "event_app_idx", { include: valuesOf({ app: [crowd.rareApp] }) }],
    ["an operation", "event_operation_idx", { include: valuesOf({ operation: [rareOperation] }) }],
    [
      "several operations",
      "event_operation_idx",
      { include: valuesOf({ operation: [rareOperation, "none"] }) },
    ],
    [
      "a family of operations",
      "event_operation_idx",
      { include: valuesOf({ operation: ["user.update.*"] }) },
    ],
    ["a code", "event_operation_code_idx", { include: valuesOf({ code: [String(crowd.rareCode)] }) }],
    [
      "several codes",
      "event_operation_code_idx",
      { include: valuesOf({ code: [String(crowd.rareCode), "4711"] }) },
    ],
    ["a status", "event_not_success_idx", { include: valuesOf({ status: ["denied"] }) }],
    ["an actor", "event_actor_idx", { include: valuesOf({ actor: ["actor-299"] }) }],
    ["several actors", "event_actor_idx", { include: valuesOf({ actor: ["actor-299", "none"] }) }],
    ["an address", "event_source_ip_idx", { include: valuesOf({ ip: ["10.1.7.9"] }) }],
    ["a network", "event_source_ip_idx", { include: valuesOf({ ip: ["10.1.7.0/24"] }) }],
    [
      "a target",
      "event_organization_target_idx",
      { include: valuesOf({ target: ["workflow:object-4711"] }) },
    ],
    [
      "several targets",
      "event_organization_target_idx",
      { include: valuesOf({ target: ["object-4711", "object-815"] }) },
    ],
  ]

  it.each(filters)("find %s by %s, in either order of time", async (_, index, selection) => {
    for (const order of ["newest", "oldest"] as const) {
      for (const { plan } of await searched({ ...selection, order })) {
        expect(indexesOf(plan)).toContain(index)
        expect(wholeTables(plan)).toEqual([])
      }
    }
  })

  it("find what a narrow Scope covers by its index too", async () => {
    for (const { plan } of await searched({}, { ...scope, appIds: [crowd.rareApp] })) {
      expect(indexesOf(plan)).toContain("event_app_idx")
    }
    for (const { plan } of await searched({}, { ...scope, actorId: "actor-299" })) {
      expect(indexesOf(plan)).toContain("event_actor_idx")
    }
  })

  it("gather a rare text by its index, beside a glance in the order of time", async () => {
    for (const text of ["object-4711", "nowhere"]) {
      for (const order of ["newest", "oldest"] as const) {
        const [glance, near, far, ...others] = await searched({ text, order })
        expect(others).toEqual([])
        expect(indexesOf(glance?.plan ?? [])).toEqual(new Set(["event_pkey", "head_pkey"]))
        for (const { plan } of [near, far].filter(statement => statement !== undefined)) {
          expect(indexesOf(plan)).toEqual(new Set(["event_organization_text_idx", "head_pkey"]))
        }
        for (const { plan } of [glance, near, far].filter(statement => statement !== undefined)) {
          expect(wholeTables(plan)).toEqual([])
          expect(sorts(plan)).toEqual([])
        }
      }
    }
  })

  it("gather no more of a text than can be put in order quickly, whatever else is asked", async () => {
    const selection = {
      text: "object-4711",
      include: valuesOf({ actor: ["actor-0"] }),
      exclude: valuesOf({ app: [crowd.app] }),
    }
    const [glance, ...sent] = await searched(selection)
    expect(glance?.text).not.toContain("gathered")
    expect(sent).toHaveLength(2)
    for (const { text, values } of sent) {
      const gathered =
        /gathered AS MATERIALIZED \(SELECT \* FROM ledger.visible_event WHERE (.*? LIKE \$\d+::text) LIMIT/s.exec(
          text,
        )
      expect(gathered?.[1]).not.toMatch(/actor_id|app_id/)
      expect(values).toContain(5_001)
    }
  })

  it("step back to a text that was common long ago, and find every event that holds it", async () => {
    const selection = { ...everything, text: "request-1" }
    const { rows } = await test.superuser.query<{ id: string }>(
      `SELECT id FROM ledger.event WHERE organization_id = $1 AND occurred_at >= $2 AND search_text LIKE '%request-1%'
       ORDER BY occurred_at DESC, id DESC`,
      [crowd.largest, selection.window.from],
    )
    expect(rows.length).toBeGreaterThan(5_000)
    const store = postgresStore(test.database)
    const found: string[] = []
    const stops: string[] = []
    let page = await store.search(scope, selection, { limit: 1_000, after: null })
    for (;;) {
      found.push(...page.events.map(event => event.id))
      if (page.searchedBackTo) stops.push(page.searchedBackTo)
      if (!page.next) break
      page = await store.search(scope, { ...selection, asOf: page.asOf }, { limit: 1_000, after: page.next })
    }
    expect(found).toEqual(rows.map(row => row.id))
    expect(stops).not.toEqual([])
  })

  const common: [string, Partial<Selection>][] = [
    ["no filter", {}],
    ["a common app", { include: valuesOf({ app: [crowd.app] }) }],
    ["a common operation", { include: valuesOf({ operation: ["user.update"] }) }],
    ["a common code", { include: valuesOf({ code: [String(crowd.code)] }) }],
    ["success", { include: valuesOf({ status: ["success"] }) }],
    ["a common actor", { include: valuesOf({ actor: ["actor-0"] }) }],
    ["half of all addresses", { include: valuesOf({ ip: ["10.0.0.0/15"] }) }],
    ["an exclusion", { exclude: valuesOf({ actor: ["actor-0"] }) }],
    ["a common text", { text: "update" }],
    ["a common text of a common actor", { text: "update", include: valuesOf({ actor: ["actor-0"] }) }],
  ]

  it.each(common)(
    "give the newest with %s in the order of an index, out of the newest two months alone",
    async (_, selection) => {
      const [only, ...others] = await searched(selection)
      expect(others).toEqual([])
      expect(sorts(only?.plan ?? [])).toEqual([])
      expect(wholeTables(only?.plan ?? [])).toEqual([])
      expect(partitions(only?.plan ?? []).length).toBeLessThanOrEqual(2)
    },
  )

  it("begin a later page at its position, by the key", async () => {
    const page = await postgresStore(test.database).search(scope, everything, { limit: 50, after: null })
    for (const order of ["newest", "oldest"] as const) {
      const selection = { ...everything, order, asOf: page.asOf }
      const [only] = await explain(store => store.search(scope, selection, { limit: 50, after: page.next }))
      expect(indexesOf(only?.plan ?? [])).toContain("event_pkey")
      expect(sorts(only?.plan ?? [])).toEqual([])
      const { text } = only ?? { text: "" }
      expect(text).toContain(order === "newest" ? "(occurred_at, id) <" : "(occurred_at, id) >")
    }
  })

  const counted: [string, string, Partial<Selection>][] = [
    ["every event", "event_pkey", {}],
    ["a code", "event_operation_code_idx", { include: valuesOf({ code: [String(crowd.code)] }) }],
    ["an actor", "event_actor_idx", { include: valuesOf({ actor: ["actor-0"] }) }],
    ["a failure", "event_not_success_idx", { include: valuesOf({ status: ["failure"] }) }],
    ["every event of an earlier size of the log", "event_pkey", { asOf: 119_900 }],
  ]

  it.each(counted)(
    "find the position of %s in an index alone, without a sort, in either order",
    async (_, index, given) => {
      for (const order of ["newest", "oldest"] as const) {
        const selection = { ...everything, ...given, order }
        const plans = await explain(store => store.positionAt(scope, selection, 2_000))
        const { plan } = plans.at(-1) ?? { plan: [] }
        const reads = plan.filter(node => node.relation !== undefined && filled.has(node.relation))
        expect(new Set(reads.map(({ type }) => type))).toEqual(new Set(["Index Only Scan"]))
        expect(indexesOf(reads)).toEqual(new Set([index]))
        expect(sorts(plan)).toEqual([])
      }
    },
  )

  it("look no further than a step where no index helps", async () => {
    for (const { plan, text } of await searched({ include: valuesOf({ request: ["none"] }) })) {
      expect(indexesOf(plan)).toContain("event_pkey")
      expect(wholeTables(plan)).toEqual([])
      expect(sorts(plan)).toEqual([])
      expect(text).toContain("row_number()")
    }
  })

  it("read recorded order by the entries' key, and each event from its partition by its own", async () => {
    const [only] = await searched({ order: "recorded", exclude: valuesOf({ actor: ["actor-0"] }) })
    expect(indexesOf(only?.plan ?? [])).toEqual(new Set(["entry_pkey", "event_pkey", "head_pkey"]))
    expect(wholeTables(only?.plan ?? [])).toEqual([])
  })

  it("find one event in its one partition", async () => {
    const page = await postgresStore(test.database).search(scope, everything, { limit: 1, after: null })
    const [byId, byMoment] = await explain(store => store.find(scope, page.events[0]?.id ?? ""))
    expect(indexesOf(byId?.plan ?? [])).toEqual(new Set(["entry_organization_id_id_key"]))
    expect(partitions(byMoment?.plan ?? [])).toHaveLength(1)
    expect(indexesOf(byMoment?.plan ?? [])).toEqual(new Set(["event_pkey"]))
  })

  it("count by an index alone, also as of now", async () => {
    for (const asOf of [null, 120_000]) {
      const counted = await explain(store => store.count(scope, { ...everything, asOf }, 10_000))
      const { plan } = counted.at(-1) ?? { plan: [] }
      expect(plan.some(node => node.type === "Index Only Scan" && node.index?.endsWith("pkey"))).toBe(true)
      expect(wholeTables(plan)).toEqual([])
    }
  })

  it("jump from value to value for choices", async () => {
    // The newest events have more actors than are wanted, so the typed one may not be among them.
    for (const [field, index, typed] of [
      ["operation", "event_operation_idx", ""],
      ["actor", "event_actor_idx", "actor-299"],
    ] as const) {
      const [counted, walked] = await explain(store =>
        store.choices(scope, { field, typed, selection: everything, limit: 20 }),
      )
      expect(wholeTables(counted?.plan ?? [])).toEqual([])
      expect(indexesOf(walked?.plan ?? [])).toContain(index)
      expect(wholeTables(walked?.plan ?? [])).toEqual([])
    }
  })

  it("stream in the order of an index, without sorting what comes before the first row", async () => {
    for (const order of ["newest", "oldest", "recorded"] as const) {
      const [declared] = await explain(async store => {
        for await (const batch of store.stream(
          scope,
          { ...everything, order },
          new AbortController().signal,
        )) {
          if (batch.length > 0) break
        }
      })
      expect(declared?.text).toContain("DECLARE")
      expect(sorts(declared?.plan ?? [])).toEqual([])
      expect(wholeTables(declared?.plan ?? [])).toEqual([])
    }
  })

  it("of a prepared statement are the same at its first and its fiftieth execution", async () => {
    const [page] = await searched({ include: valuesOf({ actor: ["actor-299"] }), window: window(30) })
    if (!page) throw new Error("a page takes a statement")
    const prepared = await test.database.withOrganization(crowd.largest, async tx => {
      await tx.query(`PREPARE page AS ${page.text}`)
      const execute = `EXECUTE page(${page.values.map(literal).join(", ")})`
      const first = await planOf(tx, execute)
      for (let time = 0; time < 50; time += 1) await tx.query(execute)
      const last = await planOf(tx, execute)
      await tx.query("DEALLOCATE page")
      return { first, last }
    })
    expect(prepared.last).toEqual(prepared.first)
    expect(indexesOf(prepared.last)).toContain("event_actor_idx")
    // A generic plan would have to cover every month.
    expect(partitions(prepared.last).length).toBeLessThanOrEqual(2)
  })

  /** Filled tables that are read completely. */
  const wholeTables = (plan: readonly PlanNode[]) =>
    plan.filter(node => node.type === "Seq Scan" && node.relation !== undefined && filled.has(node.relation))
})
