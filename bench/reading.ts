import type pg from "pg"
import type { Scope, Selection } from "@/lib/audit/query/selection"
import type { EventStore, Position } from "@/lib/audit/store"
import type { Instant } from "@/lib/audit/time/instant"
import { instantText } from "@/lib/database/instant"
import { valuesOf } from "@/test/query-values"
import type { Dataset } from "./dataset"
import { type Finding, inTurn, median, timed } from "./measure"

/** What reading is measured on. */
export interface Reading {
  readonly store: EventStore
  /** Reads the tables themselves, without views or policies: what bare SQL costs. */
  readonly bare: pg.Pool
  readonly dataset: Dataset
  readonly nowMs: number
}

const dayMs = 24 * 60 * 60 * 1000
const pageSize = 50

function instant(ms: number): Instant {
  // The one cast of the bench: the text has the six digits that the brand promises.
  return new Date(ms).toISOString().replace("Z", "000Z") as Instant
}

export function scopeOf(organizationId: string): Scope {
  return { organizationId, appIds: null, actorId: null }
}

/** Returns the query for the last so many days. */
export function ask(reading: Reading, days: number, narrow: Partial<Selection> = {}): Selection {
  return {
    window: { from: instant(reading.nowMs - days * dayMs), before: instant(reading.nowMs) },
    include: {},
    exclude: {},
    text: null,
    order: "newest",
    asOf: null,
    ...narrow,
  }
}

const milliseconds = (value: number) => `${value.toFixed(2)} ms`

/** Returns the finding about two times. */
export function ratioOf(
  goal: string,
  what: string,
  baseline: string,
  took: number,
  against: number,
  atMost: number | null,
): Finding {
  return {
    goal,
    what,
    baseline,
    ratio: took / against,
    reach: atMost === null ? null : { kind: "at most", ratio: atMost },
    figures: `${milliseconds(took)} against ${milliseconds(against)}`,
  }
}

/** Returns the queries of the page by name, with one indexed filter each. */
function indexedFilters(reading: Reading): Readonly<Record<string, Partial<Selection>>> {
  return {
    "no filter": {},
    "by app": { include: valuesOf({ app: [reading.dataset.appIds[1] ?? ""] }) },
    "by operation": { include: valuesOf({ operation: ["invoice.update"] }) },
    "by status failure": { include: valuesOf({ status: ["failure"] }) },
    "by actor": { include: valuesOf({ actor: ["user-40"] }) },
    "by target": { include: valuesOf({ target: ["object:object-77"] }) },
    "by source address": { include: valuesOf({ ip: ["10.1.7.9"] }) },
    "by text": { text: "object 4711" },
    "by common text": { text: "object" },
  }
}

async function keyLookUp({ bare, dataset }: Reading): Promise<() => Promise<unknown>> {
  const { rows } = await bare.query<{ occurred_at: string; id: string }>(
    "SELECT occurred_at::text, id FROM ledger.event WHERE organization_id = $1 AND occurred_at > now() - interval '20 days' LIMIT 1",
    [dataset.largest],
  )
  const row = rows[0]
  if (!row) throw new Error("The data set is empty.")
  return () =>
    bare.query({
      name: "by-key",
      text: "SELECT body FROM ledger.event WHERE organization_id = $1 AND occurred_at = $2 AND id = $3",
      values: [dataset.largest, row.occurred_at, row.id],
    })
}

/** Goals 1 to 4: the newest page, plain and by each filter, near and far, large and small, found and absent. */
export async function readPages(reading: Reading, rounds: number): Promise<Finding[]> {
  const { store, dataset } = reading
  const lookUp = await keyLookUp(reading)
  const page = { limit: pageSize, after: null }
  const search = (organizationId: string, selection: Selection) => () =>
    store.search(scopeOf(organizationId), selection, page)
  const findings: Finding[] = []
  for (const [name, narrow] of Object.entries(indexedFilters(reading))) {
    const samples = await inTurn(rounds, {
      key: lookUp,
      month: search(dataset.largest, ask(reading, 30, narrow)),
      years: search(dataset.largest, ask(reading, 730, narrow)),
    })
    const month = median(samples.month)
    findings.push(
      ratioOf(
        "1",
        `newest ${pageSize}, ${name}, 30 days`,
        "look-up of one row by its key",
        month,
        median(samples.key),
        5,
      ),
      ratioOf(
        "2",
        `newest ${pageSize}, ${name}, 2 years`,
        "the same, 30 days",
        median(samples.years),
        month,
        2,
      ),
    )
  }
  const sizes = await inTurn(rounds, {
    large: search(dataset.largest, ask(reading, 30)),
    small: search(dataset.smallest, ask(reading, 30)),
  })
  findings.push(
    ratioOf(
      "3",
      "newest page of the largest organization",
      "of the smallest",
      median(sizes.large),
      median(sizes.small),
      2.5,
    ),
  )
  const absent: Readonly<Record<string, Partial<Selection>>> = {
    actor: { include: valuesOf({ actor: ["nobody"] }) },
    operation: { include: valuesOf({ operation: ["never.happened"] }) },
    address: { include: valuesOf({ ip: ["192.0.2.250"] }) },
    target: { include: valuesOf({ target: ["object:absent"] }) },
    text: { text: "qqqqzzzz" },
  }
  for (const [name, narrow] of Object.entries(absent)) {
    const samples = await inTurn(rounds, {
      absent: search(dataset.largest, ask(reading, 730, narrow)),
      newest: search(dataset.largest, ask(reading, 730)),
    })
    findings.push(
      ratioOf(
        "4",
        `absent ${name}, 2 years`,
        `newest ${pageSize}, 2 years`,
        median(samples.absent),
        median(samples.newest),
        4,
      ),
    )
  }
  const elsewhere = await inTurn(rounds, {
    elsewhere: search(dataset.largest, ask(reading, 730, { text: "fjordland" })),
    nowhere: search(dataset.largest, ask(reading, 730, { text: "qqqqzzzz" })),
  })
  findings.push(
    ratioOf(
      "4",
      "text that only neighbours have, 2 years",
      "text that nobody has",
      median(elsewhere.elsewhere),
      median(elsewhere.nowhere),
      1.5,
    ),
  )
  const rare = await inTurn(rounds, {
    rare: search(dataset.largest, ask(reading, 730, { text: "zanzibar" })),
    newest: search(dataset.largest, ask(reading, 730)),
  })
  findings.push(
    ratioOf(
      "4",
      "rare word, 2 years",
      `newest ${pageSize}, 2 years`,
      median(rare.rare),
      median(rare.newest),
      null,
    ),
  )
  return findings
}

/** Goal 5: a filter without an index responds after a bounded search, instead of reading two years. */
export async function readUnindexed(reading: Reading, rounds: number): Promise<Finding> {
  const { store, bare, dataset } = reading
  const selection = ask(reading, 730, { text: "~~" })
  const bounded = await inTurn(rounds, {
    look: () => store.search(scopeOf(dataset.largest), selection, { limit: pageSize, after: null }),
  })
  const naive = await timed(() =>
    bare.query(
      `SELECT body FROM ledger.event WHERE organization_id = $1 AND body::jsonb->'metadata'->>'build' = 'absent'
       ORDER BY occurred_at DESC, id DESC LIMIT ${pageSize}`,
      [dataset.largest],
    ),
  )
  const took = median(bounded.look)
  return ratioOf(
    "5",
    "no index, nothing matches, 2 years, first bounded answer",
    "naive ORDER BY ... LIMIT over metadata",
    took,
    naive,
    1 / 500,
  )
}

/** Goal 6: a page far down costs what the first costs. */
export async function readDeep(reading: Reading, rounds: number): Promise<Finding[]> {
  const { store, bare, dataset } = reading
  const depth = Math.min(100_000, Math.floor(dataset.events * 0.6 * 0.5))
  const { rows } = await bare.query<{ occurredAt: Instant; id: string; index: number }>(
    `SELECT ${instantText("occurred_at")} AS "occurredAt", id, index::int AS index
     FROM ledger.event WHERE organization_id = $1 AND occurred_at < to_timestamp($2 / 1000.0) ORDER BY occurred_at DESC, id DESC OFFSET ${depth} LIMIT 1`,
    [dataset.largest, reading.nowMs],
  )
  const after: Position | null = rows[0] ?? null
  const selection = ask(reading, 730)
  const samples = await inTurn(rounds, {
    first: () => store.search(scopeOf(dataset.largest), selection, { limit: pageSize, after: null }),
    deep: () => store.search(scopeOf(dataset.largest), selection, { limit: pageSize, after }),
    offset: () =>
      bare.query(
        `SELECT body FROM ledger.event WHERE organization_id = $1 ORDER BY occurred_at DESC, id DESC OFFSET ${depth} LIMIT ${pageSize}`,
        [dataset.largest],
      ),
  })
  const what = `page ${depth.toLocaleString("en")} rows down`
  return [
    ratioOf("6", what, "the first page", median(samples.deep), median(samples.first), 1.5),
    ratioOf("6", what, "OFFSET", median(samples.deep), median(samples.offset), 1 / 50),
  ]
}

/** Goal 7: the thousandth execution is as fast as the first. */
export async function readThousandTimes(reading: Reading): Promise<Finding> {
  const { store, dataset } = reading
  const selection = ask(reading, 730, { include: valuesOf({ actor: ["user-rare"] }) })
  const took: number[] = []
  for (let n = 0; n < 1000; n++) {
    took.push(
      await timed(() => store.search(scopeOf(dataset.largest), selection, { limit: pageSize, after: null })),
    )
  }
  const first = median(took.slice(5, 55))
  return ratioOf(
    "7",
    "executions 951 to 1000 of a prepared question",
    "executions 6 to 55",
    median(took.slice(-50)),
    first,
    1.2,
  )
}

/** Goal 8: the count on the page never counts everything. */
export async function countBounded(reading: Reading, rounds: number): Promise<Finding[]> {
  const { store, bare, dataset } = reading
  const findings: Finding[] = []
  for (const [days, atMost] of [
    [30, 1 / 30],
    [730, 1 / 150],
  ] as const) {
    const samples = await inTurn(rounds, {
      bounded: () => store.count(scopeOf(dataset.largest), ask(reading, days), 10_000),
      exact: () =>
        bare.query(
          "SELECT count(*) FROM ledger.event WHERE organization_id = $1 AND occurred_at >= $2 AND occurred_at < $3",
          [dataset.largest, instant(reading.nowMs - days * dayMs), instant(reading.nowMs)],
        ),
    })
    findings.push(
      ratioOf(
        "8",
        `count on the page, ${days} days`,
        "count(*)",
        median(samples.bounded),
        median(samples.exact),
        atMost,
      ),
    )
  }
  return findings
}
