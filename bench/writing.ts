import { createHash, randomBytes, randomUUID } from "node:crypto"
import type pg from "pg"
import { from as copyFrom } from "pg-copy-streams"
import type { PreparedEvent } from "@/lib/audit/event/event"
import { eventBody, sealEvent } from "@/lib/audit/seal"
import type { Instant } from "@/lib/audit/time/instant"
import type { Database } from "@/lib/db"
import { groupCommit } from "@/lib/group-commit"
import { append } from "@/lib/ledger"
import { namedId } from "./dataset"
import { type Finding, inTurn, median, timed } from "./measure"
import type { BenchPrisma } from "./prisma-client"

interface Writing {
  readonly database: Database
  /** Owner of everything, with no policy in the way: the baselines write through it. */
  readonly bare: pg.Pool
  readonly organizationId: string
  readonly prisma: BenchPrisma
}

const columns =
  "organization_id, id, app_id, index, occurred_at, received_at, operation, status, actor_id, source_ip, target_keys, request_id, search_text, leaf_hash, body"

/** Promise: an event like those of the data set, new at each call. */
export function sampleEvent(organizationId: string): PreparedEvent {
  const number = Math.floor(Math.random() * 50_000)
  const actor = `user-${number % 2000}`
  const hash = randomBytes(32).toString("hex")
  return {
    raw: null,
    content: {
      id: randomUUID(),
      organizationId,
      appId: namedId("app 0 1"),
      occurredAt: new Date().toISOString().replace("Z", "000Z") as Instant,
      occurredAtAssumed: "none",
      operation: "invoice.update",
      family: "invoice",
      description: `Object ${number} invoice.update`,
      actor: { type: "user", id: actor, name: `Person ${actor}`, email: `${actor}@example.com` },
      targets: [{ type: "object", id: `object-${number}`, name: `Object ${number}` }],
      status: "success",
      source: {
        ip: "10.1.7.9",
        ipText: "10.1.7.9",
        userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0 Safari/537.36",
      },
      requestId: `req-${hash.slice(0, 20)}`,
      http: { method: "POST", path: `/v1/objects/${number}`, status: 200, durationMs: number % 900 },
      details: [`Object ${number} invoice.update was done by Person ${actor}`],
      changes: [{ path: "/settings/value", before: hash.slice(0, 24), after: hash.slice(24, 48) }],
      metadata: { build: hash, region: "eu-west-1", tenant: "0", trace: hash },
    },
  }
}

function samples(organizationId: string, count: number): PreparedEvent[] {
  return Array.from({ length: count }, () => sampleEvent(organizationId))
}

/** The baselines' tables: the ledger's own columns and indexes, without partitions, policies, triggers or numbering. */
async function makeCopies(bare: pg.Pool): Promise<void> {
  await bare.query("DROP SCHEMA IF EXISTS bench CASCADE")
  await bare.query("CREATE SCHEMA bench")
  await bare.query("CREATE TABLE bench.event (LIKE ledger.event INCLUDING ALL)")
  await bare.query("CREATE TABLE bench.entry (LIKE ledger.entry INCLUDING ALL)")
}

interface BareRows {
  readonly event: readonly (readonly unknown[])[]
  readonly entry: readonly (readonly unknown[])[]
}

let bareIndex = 0

/** The same facts as rows, made before the clock starts: a baseline pays for storing only. */
function bareRows(organizationId: string, count: number): BareRows {
  const event: unknown[][] = []
  const entry: unknown[][] = []
  for (const { content } of samples(organizationId, count)) {
    const at = content.occurredAt
    const index = bareIndex++
    const hash = createHash("sha256").update(content.id).digest()
    const complete = { ...content, occurredAt: at ?? ("" as Instant), receivedAt: at ?? ("" as Instant) }
    const keys = content.targets.flatMap(target => [target.id, `${target.type}:${target.id}`])
    const text = `${content.description} ${content.operation} ${content.actor.id} ${content.actor.name} ${keys.join(" ")} ${content.requestId}`
    event.push([
      organizationId,
      content.id,
      content.appId,
      index,
      at,
      at,
      content.operation,
      content.status,
      content.actor.id,
      "10.1.7.9",
      keys,
      content.requestId,
      text.toLowerCase(),
      hash,
      eventBody(complete),
    ])
    entry.push([organizationId, content.id, content.appId, index, at, at, hash, hash.subarray(0, 16)])
  }
  return { event, entry }
}

function copyText(rows: readonly (readonly unknown[])[]): string {
  const cell = (value: unknown): string => {
    if (value === null || value === undefined) return "\\N"
    if (Buffer.isBuffer(value)) return `\\\\x${value.toString("hex")}`
    if (Array.isArray(value)) return `{${value.map(part => `"${part}"`).join(",")}}`
    return String(value).replace(
      /[\\\t\n\r]/g,
      match => `\\${match === "\t" ? "t" : match === "\n" ? "n" : match === "\r" ? "r" : "\\"}`,
    )
  }
  return `${rows.map(row => row.map(cell).join("\t")).join("\n")}\n`
}

async function copyIn(
  bare: pg.Pool,
  texts: { readonly event: string; readonly entry: string },
): Promise<void> {
  const client = await bare.connect()
  try {
    await client.query("BEGIN")
    for (const [table, names, text] of [
      [
        "bench.entry",
        "organization_id, id, app_id, index, occurred_at, received_at, leaf_hash, salt",
        texts.entry,
      ],
      ["bench.event", columns, texts.event],
    ] as const) {
      await new Promise<void>((resolve, reject) => {
        const stream = client.query(copyFrom(`COPY ${table} (${names}) FROM STDIN`))
        stream.on("finish", resolve).on("error", reject)
        stream.end(text)
      })
    }
    await client.query("COMMIT")
  } finally {
    client.release()
  }
}

const unnestTypes = [
  "uuid",
  "uuid",
  "uuid",
  "bigint",
  "timestamptz",
  "timestamptz",
  "text",
  "text",
  "text",
  "inet",
  "text",
  "text",
  "text",
  "bytea",
  "text",
]

async function insertUnnest(bare: pg.Pool, rows: BareRows): Promise<void> {
  const arrays = unnestTypes.map((_, column) =>
    rows.event.map(row =>
      column === 10 ? `{${(row[column] as string[]).map(key => `"${key}"`).join(",")}}` : row[column],
    ),
  )
  const list = unnestTypes.map((type, n) => `$${n + 1}::${type}[]`).join(", ")
  const names = columns.split(", ").map(name => (name === "target_keys" ? "target_keys::text[]" : name))
  await bare.query({
    name: "unnest",
    text: `INSERT INTO bench.event (${columns}) SELECT ${names.join(", ")} FROM unnest(${list}) AS row(${columns})`,
    values: arrays,
  })
}

const perSecond = (count: number, ms: number) => (count * 1000) / ms

function rate(
  goal: string,
  what: string,
  baseline: string,
  ours: number,
  theirs: number,
  atLeast: number | null,
): Finding {
  return {
    goal,
    what,
    baseline,
    ratio: ours / theirs,
    reach: atLeast === null ? null : { kind: "at least", ratio: atLeast },
    figures: `${Math.round(ours).toLocaleString("en")}/s against ${Math.round(theirs).toLocaleString("en")}/s`,
  }
}

const modelNames = columns
  .split(", ")
  .map(name => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))

function modelOf(row: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(modelNames.map((name, n) => [name, row[n]]))
}

/** What the batches showed, and the rate of COPY in batches of a thousand, for whoever is measured beside it. */
interface Batches {
  readonly findings: readonly Finding[]
  readonly copyPerSecond: number
}

/** Goal 11: batches through the ledger, beside COPY and unnest. */
export async function writeBatches(
  { database, bare, organizationId, prisma }: Writing,
  rounds: number,
): Promise<Batches> {
  await makeCopies(bare)
  const findings: Finding[] = []
  let copyPerSecond = 0
  for (const [size, reach] of [
    [100, null],
    [1000, 0.4],
  ] as const) {
    const repeat = 4000 / size
    const prepared = () => Array.from({ length: repeat }, () => samples(organizationId, size))
    const rows = () => Array.from({ length: repeat }, () => bareRows(organizationId, size))
    const results: Record<"ledger" | "four" | "copy" | "unnest" | "prisma", number[]> = {
      ledger: [],
      four: [],
      copy: [],
      unnest: [],
      prisma: [],
    }
    for (let round = -1; round < rounds; round++) {
      const keep = (name: keyof typeof results, ms: number) => round >= 0 && results[name].push(ms)
      const write = (batch: PreparedEvent[]) =>
        database.withOrganization(organizationId, tx => append(tx, organizationId, batch))
      const one = prepared()
      keep(
        "ledger",
        await timed(async () => {
          for (const batch of one) await write(batch)
        }),
      )
      const texts = rows().map(batch => ({ event: copyText(batch.event), entry: copyText(batch.entry) }))
      keep(
        "copy",
        await timed(async () => {
          for (const batch of texts) await copyIn(bare, batch)
        }),
      )
      const arrays = rows()
      keep(
        "unnest",
        await timed(async () => {
          for (const batch of arrays) await insertUnnest(bare, batch)
        }),
      )
      const models = rows().map(batch => batch.event.map(modelOf))
      keep(
        "prisma",
        await timed(async () => {
          for (const data of models) await prisma.benchEvent.createMany({ data })
        }),
      )
      const many = prepared()
      const ledger = groupCommit(database)
      keep("four", await timed(() => Promise.all(many.map(batch => ledger.append(organizationId, batch)))))
    }
    const total = size * repeat
    const speed = (name: keyof typeof results) => perSecond(total, median(results[name]))
    copyPerSecond = speed("copy")
    findings.push(
      rate(
        "11",
        `ledger.append, batches of ${size}, one after the other`,
        "COPY into bare copies",
        speed("ledger"),
        speed("copy"),
        reach,
      ),
      rate(
        "11",
        `group commit, batches of ${size}, all at once`,
        "COPY into bare copies",
        speed("four"),
        speed("copy"),
        null,
      ),
      rate(
        "11",
        `ledger.append, batches of ${size}`,
        "bare unnest insert of the event alone",
        speed("ledger"),
        speed("unnest"),
        null,
      ),
      rate(
        "12",
        `ledger.append, batches of ${size}`,
        "Prisma createMany of the event alone",
        speed("ledger"),
        speed("prisma"),
        6,
      ),
    )
  }
  return { findings, copyPerSecond }
}

/** Goal 11b: single events of 32 callers share commits; the baseline commits each row by itself. */
export async function writeSingles(
  { database, bare, organizationId }: Writing,
  rounds: number,
): Promise<Finding> {
  const callers = 32
  const each = 60
  const results: Record<"ours" | "bare", number[]> = { ours: [], bare: [] }
  const names = columns.split(", ")
  const placeholders = names.map((_, n) => `$${n + 1}`).join(", ")
  const insert = (row: readonly unknown[]) =>
    bare.query({
      name: "one",
      text: `INSERT INTO bench.event (${columns}) VALUES (${placeholders})`,
      values: [...row],
    })
  for (let round = -1; round < rounds; round++) {
    const ledger = groupCommit(database)
    const events = Array.from({ length: callers }, () => samples(organizationId, each))
    const ours = await timed(() =>
      Promise.all(
        events.map(async list => {
          for (const event of list) await ledger.append(organizationId, [event])
        }),
      ),
    )
    const rows = Array.from({ length: callers }, () => bareRows(organizationId, each).event)
    const single = await timed(() =>
      Promise.all(
        rows.map(async list => {
          for (const row of list) await insert(row)
        }),
      ),
    )
    if (round >= 0) {
      results.ours.push(ours)
      results.bare.push(single)
    }
  }
  const count = callers * each
  return rate(
    "11b",
    "single events, 32 callers, ledger.append by group commit",
    "bare single-row commits, 32 callers",
    perSecond(count, median(results.ours)),
    perSecond(count, median(results.bare)),
    0.7,
  )
}

/** Goal 13: what sealing adds to the work that the process does for an event anyway. */
export async function measureSeal(organizationId: string, rounds: number): Promise<Finding> {
  const salt = randomBytes(16)
  const contents = samples(organizationId, 5000).map(({ content }) => {
    const at = content.occurredAt ?? ("" as Instant)
    return { ...content, occurredAt: at, receivedAt: at }
  })
  const taken = await inTurn(rounds, {
    seal: async () => contents.map(content => sealEvent(content, null, salt)),
    body: async () => contents.map(content => eventBody(content)),
  })
  const seal = median(taken.seal)
  return {
    goal: "13",
    what: "sealing an event, one core",
    baseline: "writing its canonical body",
    ratio: seal / median(taken.body),
    reach: null,
    figures: `${Math.round(perSecond(5000, seal)).toLocaleString("en")}/s against ${Math.round(perSecond(5000, median(taken.body))).toLocaleString("en")}/s`,
  }
}
