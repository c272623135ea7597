import { createHash } from "node:crypto"
import type pg from "pg"
import { from as copyFrom } from "pg-copy-streams"
import { eventBody } from "@/lib/audit/seal"
import type { Instant } from "@/lib/audit/time/instant"
import { samples } from "./sample"

/** The event's columns, in the order of a row. */
export const columns =
  "organization_id, id, app_id, index, occurred_at, received_at, operation, status, actor_id, source_ip, target_keys, request_id, search_text, leaf_hash, body"

/** The baselines' tables: the ledger's own columns and indexes, without partitions, policies, triggers or numbering. */
export async function makeCopies(bare: pg.Pool): Promise<void> {
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

/** The same facts as rows, created before the clock starts: a baseline pays for storing only. */
export function bareRows(organizationId: string, count: number): BareRows {
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

export function copyText(rows: readonly (readonly unknown[])[]): string {
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

export async function copyIn(
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

export async function insertUnnest(bare: pg.Pool, rows: BareRows): Promise<void> {
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

const modelNames = columns
  .split(", ")
  .map(name => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))

/** Returns a row as an object for Prisma's model. */
export function modelOf(row: readonly unknown[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(modelNames.map((name, n) => [name, row[n]]))
}
