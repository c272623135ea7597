import { type Finding, median, timed } from "./measure"

interface Served {
  /** The url of the console. */
  readonly url: string
  /** A key of the measured organization with LOG-INGESTION and LOG-MANAGEMENT. */
  readonly key: string
}

const perSecond = (count: number, ms: number) => (count * 1000) / ms

function event(): Record<string, unknown> {
  const number = Math.floor(Math.random() * 50_000)
  return {
    operation: "invoice.update",
    status: "success",
    actor: { type: "user", id: `user-${number % 2000}`, name: `Person ${number % 2000}` },
    targets: [{ type: "object", id: `object-${number}`, name: `Object ${number}` }],
    source: { ip: "10.1.7.9", userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0 Safari/537.36" },
    requestId: `req-${number}-${Date.now()}`,
    metadata: { region: "eu-west-1", build: "b".repeat(64), trace: "t".repeat(64) },
    changes: [{ path: "/settings/value", before: "a".repeat(24), after: "c".repeat(24) }],
  }
}

async function post({ url, key }: Served, body: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
  })
  const text = await answer.text()
  if (answer.status !== 201) throw new Error(`Ingestion answered ${answer.status}: ${text.slice(0, 300)}`)
}

/** Runs `count` calls with `callers` in parallel, each caller one after the other. */
async function byCallers(callers: number, count: number, call: () => Promise<void>): Promise<void> {
  const each = Math.ceil(count / callers)
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let n = 0; n < each; n++) await call()
    }),
  )
}

/** Goal 11b, through HTTP: single events by 32 callers, compared with a route that does nothing. */
export async function ingestSingles(served: Served, rounds: number): Promise<Finding> {
  const count = 1280
  const ours: number[] = []
  const empty: number[] = []
  const nothing = async () => {
    // A path that does not exist: a handler in the console responds, unlike for /api/live, which never gets there.
    await (await fetch(`${served.url}/api/nothing`)).text()
  }
  for (let round = -1; round < rounds; round++) {
    const bodies = Array.from({ length: count }, () => JSON.stringify(event()))
    const posted = await timed(() => byCallers(32, count, () => post(served, bodies.pop() ?? "")))
    const answered = await timed(() => byCallers(32, count, nothing))
    if (round < 0) continue
    ours.push(posted)
    empty.push(answered)
  }
  const speed = perSecond(count, median(ours))
  const baseline = perSecond(count, median(empty))
  return {
    goal: "11b",
    what: "single events through HTTP, 32 callers",
    baseline: "an empty route handler",
    ratio: speed / baseline,
    reach: { kind: "at least", ratio: 0.7 },
    figures: `${Math.round(speed)}/s against ${Math.round(baseline)}/s`,
  }
}

/** Goal 11, through HTTP: batches of 1,000 by four callers, compared with the rate of COPY measured in the same run. */
export async function ingestBatches(served: Served, rounds: number, copyPerSecond: number): Promise<Finding> {
  const taken: number[] = []
  for (let round = -1; round < rounds; round++) {
    const bodies = Array.from({ length: 8 }, () => JSON.stringify(Array.from({ length: 1000 }, event)))
    const ms = await timed(() => byCallers(4, bodies.length, () => post(served, bodies.pop() ?? "[]")))
    if (round >= 0) taken.push(ms)
  }
  const speed = perSecond(8000, median(taken))
  return {
    goal: "11",
    what: "batches of 1,000 through HTTP, 4 callers",
    baseline: "COPY into bare copies",
    ratio: speed / copyPerSecond,
    reach: { kind: "at least", ratio: 0.3 },
    figures: `${Math.round(speed).toLocaleString("en")}/s against ${Math.round(copyPerSecond).toLocaleString("en")}/s`,
  }
}

/** Returns rows and milliseconds of one export through HTTP, read to its end and discarded. */
export async function exportCsv(
  { url, key }: Served,
  parameters: string,
): Promise<{ rows: number; ms: number }> {
  let rows = -1
  const ms = await timed(async () => {
    const answer = await fetch(`${url}/api/v1/events/export?format=csv&${parameters}`, {
      headers: { authorization: `Bearer ${key}` },
    })
    if (!answer.ok || !answer.body) throw new Error(`The export answered ${answer.status}.`)
    for await (const chunk of answer.body) for (const byte of chunk) if (byte === 10) rows++
  })
  return { rows, ms }
}

/** Returns the milliseconds of each of `rounds` searches through the API, after three that do not count. */
export async function searchApi({ url, key }: Served, parameters: string, rounds: number): Promise<number[]> {
  const taken: number[] = []
  for (let round = -3; round < rounds; round++) {
    const ms = await timed(async () => {
      const answer = await fetch(`${url}/api/v1/events?${parameters}`, {
        headers: { authorization: `Bearer ${key}` },
      })
      if (!answer.ok) throw new Error(`The search answered ${answer.status}.`)
      await answer.text()
    })
    if (round >= 0) taken.push(ms)
  }
  return taken
}
