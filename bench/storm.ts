// 500 clients at once, right after the start: what liveness probes get in the first moments of a web process.
import { type ChildProcess, spawn } from "node:child_process"
import * as http from "node:http"
import path from "node:path"
import { type Finding, median, percentile } from "./measure"

const root = path.resolve(import.meta.dirname, "..")
const clients = 500
const goalMs = 500
/** Liveness probes come at this interval, each on a new connection. */
const probeEveryMs = 20

interface Stormed {
  readonly environment: NodeJS.ProcessEnv
  readonly url: string
  readonly key: string
}

interface Storm {
  readonly worstLiveMs: number
  readonly worstClientMs: number
  /** Refused with a time to retry. */
  readonly refused: number
}

/** The worst `/api/live` in as many first storms, each with a new process that has answered nobody before. */
export async function firstStorms(stormed: Stormed, storms: number): Promise<Finding> {
  const seen: Storm[] = []
  for (let number = 0; number < storms; number++) seen.push(await onFreshProcess(stormed))
  const worst = seen.map(({ worstLiveMs }) => worstLiveMs)
  const ofClients = seen.map(({ worstClientMs }) => worstClientMs)
  const refused = seen.reduce((sum, storm) => sum + storm.refused, 0)
  return {
    goal: "15",
    what: `worst /api/live in ${storms} first storms of ${clients} clients`,
    baseline: `${goalMs} ms`,
    ratio: Math.max(...worst) / goalMs,
    reach: { kind: "at most", ratio: 1 },
    figures:
      `${Math.round(Math.max(...worst))} ms, median ${Math.round(median(worst))} ms; ` +
      `slowest client ${Math.round(percentile(ofClients, 0.5))} ms (median), ${refused} told to come again`,
  }
}

async function onFreshProcess(stormed: Stormed): Promise<Storm> {
  const child = spawn(process.execPath, ["scripts/server.mjs"], {
    cwd: root,
    env: { ...stormed.environment, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  try {
    await listening(child)
    return await storm(stormed)
  } finally {
    child.kill("SIGKILL")
    await new Promise(resolve => child.once("exit", resolve))
  }
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("message", () => resolve())
    child.once("exit", code => reject(new Error(`The web process ended with ${code}.`)))
  })
}

async function storm({ url, key }: Stormed): Promise<Storm> {
  const headers = { authorization: `Bearer ${key}` }
  const running = Array.from({ length: clients }, () => ask(`${url}/api/v1/events?limit=1`, headers))
  const ended = Promise.all(running)
  const probes: Promise<Answer>[] = []
  const probing = setInterval(() => probes.push(ask(`${url}/api/live`, {})), probeEveryMs)
  const answers = await ended
  clearInterval(probing)
  const lives = await Promise.all(probes)
  const worst = (all: readonly Answer[]) => Math.max(0, ...all.map(({ ms }) => ms))
  return {
    worstLiveMs: worst(lives),
    worstClientMs: worst(answers),
    refused: answers.filter(({ status }) => status === 503).length,
  }
}

interface Answer {
  readonly status: number
  readonly ms: number
}

/** On its own connection, which the next one does not get. */
function ask(url: string, headers: http.OutgoingHttpHeaders): Promise<Answer> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers, agent: false }, response => {
        response.resume().once("end", () => {
          resolve({ status: response.statusCode ?? 0, ms: performance.now() - startedAt })
        })
      })
      .once("error", reject)
  })
}
