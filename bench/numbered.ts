import type { Selection, TimeSelection } from "@/lib/audit/query/selection"
import type { Position } from "@/lib/audit/store"
import { valuesOf } from "@/test/query-values"
import { type Finding, inTurn, median } from "./measure"
import { ask, type Reading, ratioOf, scopeOf } from "./reading"

const pageSize = 50

/** Goal 21: pages by their number, as Clarifai's programs ask for them, beside the same page by its position. */
export async function readNumbered(reading: Reading, rounds: number): Promise<Finding[]> {
  const most = Math.floor(reading.dataset.events * 0.6)
  const cases: readonly [string, number, Partial<Selection>][] = [
    ["no filter", 10_000, {}],
    ["no filter", 100_000, {}],
    ["by code", 10_000, { include: valuesOf({ code: ["2007"] }) }],
    ["by success", 10_000, { include: valuesOf({ status: ["success"] }) }],
    ["by success", 100_000, { include: valuesOf({ status: ["success"] }) }],
  ]
  const findings: Finding[] = []
  for (const [name, depth, narrow] of cases) {
    const isReached = depth < (narrow.include?.code ? most / 40 : most * 0.9)
    if (isReached) findings.push(...(await readAt(reading, rounds, { name, depth, narrow })))
  }
  return findings
}

interface Depth {
  readonly name: string
  readonly depth: number
  readonly narrow: Partial<Selection>
}

async function readAt(reading: Reading, rounds: number, { name, depth, narrow }: Depth): Promise<Finding[]> {
  const { store, bare, dataset } = reading
  const scope = scopeOf(dataset.largest)
  const selection: TimeSelection = { ...ask(reading, 730, narrow), order: "newest" }
  const position = async (): Promise<Position | null> => {
    const at = await store.positionAt(scope, selection, depth)
    return at.kind === "found" ? at.position : null
  }
  const page = (after: Position | null) => store.search(scope, selection, { limit: pageSize, after })
  const known = await position()
  // A data set of an earlier version has no codes.
  if (known === null) return []
  const condition = narrow.include?.code
    ? "AND operation_code = 2007"
    : narrow.include?.status
      ? "AND status = 'success'"
      : ""
  const samples = await inTurn(rounds, {
    numbered: async () => page(await position()),
    keyset: () => page(known),
    offset: () =>
      bare.query(
        `SELECT body FROM ledger.event WHERE organization_id = $1 AND occurred_at >= $2 AND occurred_at < $3 ${condition}
         ORDER BY occurred_at DESC, id DESC OFFSET ${depth} LIMIT ${pageSize}`,
        [dataset.largest, selection.window.from, selection.window.before],
      ),
  })
  const what = `the page after ${depth.toLocaleString("en")} events by its number, ${name}`
  const took = median(samples.numbered)
  return [
    ratioOf("21", what, "the same page by its position", took, median(samples.keyset), null),
    ratioOf("21", what, "OFFSET over the events", took, median(samples.offset), null),
  ]
}
