// Bodies that are cheap to send and expensive to read, from four callers at once: how long they block the event loop of the
// web process, and the effect on liveness probes and on events of another organization.
import { type ChildProcess, spawn } from "node:child_process"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { type Finding, median, percentile } from "./measure"

const root = path.resolve(import.meta.dirname, "..")
const callers = 4
const goals = { heldMs: 50, slowdown: 3 }
/** How long each body is sent, and how long nothing is sent for comparison. */
const secondsEach = 6

export interface Attacked {
  readonly environment: NodeJS.ProcessEnv
  readonly url: string
  /** Of the organization whose callers send the bodies. */
  readonly key: string
  /** Of an organization that does nothing wrong. */
  readonly neighbourKey: string
}

interface Body {
  readonly name: string
  readonly path: string
  readonly type: string
  readonly content: Buffer
}

interface Held {
  readonly heldMs: number
  readonly p99Ms: number
  readonly collectionMs: number
}

interface Seen extends Held {
  readonly liveMs: readonly number[]
  readonly neighbourMs: readonly number[]
  readonly statuses: ReadonlyMap<number, number>
}

const mebibyte = 1024 * 1024

function gzipped(name: string, text: string, type = "application/json", to = "/api/v1/events"): Body {
  return { name, path: to, type, content: gzipSync(text) }
}

/** Returns the bodies: nearly 5 MiB each after decompression. */
export function hostileBodies(): readonly Body[] {
  const most = 5 * mebibyte - 1024
  const names = (count: number) =>
    Array.from({ length: count }, (_, n) => `"unknown_field_${n}":${n}`).join(",")
  const items = Array.from({ length: 900 }, () => `{${names(170)}}`).join(",")
  return [
    gzipped("newlines", "\n".repeat(most), "application/x-ndjson"),
    gzipped("900 items of unknown fields", `[${items}]`.slice(0, most)),
    gzipped("one event, 90,000 unknown fields", `{${names(90_000)}}`),
    gzipped("an array of zeros", `[${"0,".repeat(most / 2 - 2)}0]`),
    gzipped("arrays in arrays", "[".repeat(most)),
    gzipped("one text of escapes", `{"operation":"${"\\u0061".repeat(most / 6 - 10)}"}`),
    gzipped(
      "a search of zeros",
      `{"include":[${"0,".repeat(most / 2 - 20)}0]}`,
      "application/json",
      "/api/v1/events/search",
    ),
  ]
}

/** Returns one finding for each body and guarantee. */
export async function measureBodies(attacked: Attacked): Promise<Finding[]> {
  const child = spawn(process.execPath, ["--import", "./bench/event-loop.mjs", "scripts/server.mjs"], {
    cwd: root,
    env: { ...attacked.environment, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  try {
    await listening(child)
    // The first responses load and compile code that the later ones use.
    await observe(child, attacked, null, 2)
    for (const body of hostileBodies()) await send(attacked, body)
    const findings: Finding[] = []
    for (const body of hostileBodies()) {
      const quiet = await observe(child, attacked, null, secondsEach)
      const attackedBy = await observe(child, attacked, body, secondsEach)
      findings.push(...findingsOf(body, quiet, attackedBy))
    }
    return findings
  } finally {
    child.kill("SIGKILL")
    await new Promise(resolve => child.once("exit", resolve))
  }
}

function findingsOf(body: Body, quiet: Seen, seen: Seen): Finding[] {
  const answers = [...seen.statuses].map(([status, count]) => `${count} x ${status}`).join(", ")
  const held: Finding = {
    goal: "body",
    what: `event loop held by: ${body.name} (${Math.ceil(body.content.length / 1024)} kB sent)`,
    baseline: `${goals.heldMs} ms`,
    ratio: seen.heldMs / goals.heldMs,
    reach: { kind: "at most", ratio: 1 },
    figures: `${seen.heldMs.toFixed(1)} ms, p99 ${seen.p99Ms.toFixed(1)} ms, longest garbage collection ${seen.collectionMs.toFixed(1)} ms; ${answers}`,
  }
  const beside = (what: string, of: (all: Seen) => readonly number[]): Finding => {
    const [with_, without] = [percentile(of(seen), 0.95), percentile(of(quiet), 0.95)]
    return {
      goal: "body",
      what: `${what} beside: ${body.name}`,
      baseline: "the same without it",
      ratio: with_ / without,
      reach: { kind: "at most", ratio: goals.slowdown },
      figures: `p95 ${with_.toFixed(1)} ms against ${without.toFixed(1)} ms, median ${median(of(seen)).toFixed(1)} ms against ${median(of(quiet)).toFixed(1)} ms`,
    }
  }
  return [
    held,
    beside("/api/live", all => all.liveMs),
    beside("another organization's event", all => all.neighbourMs),
  ]
}

/** Measures for some seconds while the body is sent by all callers, or nothing is. */
async function observe(
  child: ChildProcess,
  attacked: Attacked,
  body: Body | null,
  seconds: number,
): Promise<Seen> {
  await heldSince(child)
  const until = performance.now() + seconds * 1000
  const statuses = new Map<number, number>()
  const sending = Array.from({ length: body ? callers : 0 }, async () => {
    while (body && performance.now() < until) {
      const status = await send(attacked, body)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  })
  const watch = async (call: () => Promise<Response>) => {
    const taken: number[] = []
    while (performance.now() < until) {
      const startedAt = performance.now()
      await (await call()).arrayBuffer()
      taken.push(performance.now() - startedAt)
      await sleep(10)
    }
    return taken
  }
  const [liveMs, neighbourMs] = await Promise.all([
    watch(() => fetch(`${attacked.url}/api/live`)),
    watch(() => neighbourSends(attacked)),
  ])
  await Promise.all(sending)
  return { ...(await heldSince(child)), liveMs, neighbourMs, statuses }
}

async function send({ url, key }: Attacked, body: Body): Promise<number> {
  const answer = await fetch(`${url}${body.path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": body.type, "content-encoding": "gzip" },
    body: new Uint8Array(body.content),
  })
  await answer.arrayBuffer()
  return answer.status
}

async function neighbourSends({ url, neighbourKey }: Attacked): Promise<Response> {
  const event = { operation: "invoice.update", status: "success", actor: { type: "user", id: "neighbour" } }
  const answer = await fetch(`${url}/api/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${neighbourKey}`, "content-type": "application/json" },
    body: JSON.stringify(event),
  })
  if (answer.status !== 201) throw new Error(`The neighbour's event was answered ${answer.status}.`)
  return answer
}

function heldSince(child: ChildProcess): Promise<Held> {
  return new Promise((resolve, reject) => {
    child.once("message", message => resolve(message as Held))
    child.once("exit", code => reject(new Error(`The web process ended with ${code}.`)))
    child.send("read")
  })
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve())
    child.once("exit", code => reject(new Error(`The web process ended with ${code}.`)))
  })
}
