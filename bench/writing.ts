import { randomBytes } from "node:crypto"
import type pg from "pg"
import type { PreparedEvent } from "@/lib/audit/event/event"
import { eventBody, sealEvent } from "@/lib/audit/seal"
import type { Instant } from "@/lib/audit/time/instant"
import type { Database } from "@/lib/database/database"
import { append } from "@/lib/ledger/append"
import { groupCommit } from "@/lib/ledger/group-commit"
import { bareRows, columns, copyIn, copyText, insertUnnest, makeCopies, modelOf } from "./baselines"
import { type Finding, inTurn, median, timed } from "./measure"
import type { BenchPrisma } from "./prisma-client"
import { samples } from "./sample"

interface Writing {
  readonly database: Database
  /** Owner of everything, without policies: the baselines write through it. */
  readonly bare: pg.Pool
  readonly organizationId: string
  readonly prisma: BenchPrisma
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

/** The findings about batches, and the rate of COPY in batches of a thousand, for comparison with others. */
interface Batches {
  readonly findings: readonly Finding[]
  readonly copyPerSecond: number
}

/** Goal 11: batches through the ledger, compared with COPY and unnest. */
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
