import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import type pg from "pg"
import { to as copyTo } from "pg-copy-streams"
import { measureBodies } from "./bodies"
import { searchBothWays } from "./clarifai"
import type { Dataset } from "./dataset"
import { exportCsv, ingestBatches, ingestSingles, searchApi } from "./http"
import { type Finding, median, percentile, timed } from "./measure"
import { signIn } from "./sign-in"
import { firstStorms } from "./storm"

/** What exists before the web process is started. */
export interface Ground {
  readonly server: { readonly applicationUrl: string; readonly ownerUrl: string }
  readonly bare: pg.Pool
  readonly dataset: Dataset
  /** Rows that COPY writes per second, measured in the same run; null when writing was not measured. */
  readonly copyPerSecond: number | null
}

const root = path.resolve(import.meta.dirname, "..")

interface Console {
  readonly url: string
  readonly environment: NodeJS.ProcessEnv
  readonly child: ChildProcess
}

/**
 * Adds goals 11, 11b and 14 through HTTP, and how long the page and the API take, to the findings; on the built console with its
 * real server.
 */
export async function measureServed(ground: Ground, rounds: number, findings: Finding[]): Promise<void> {
  await withConsole(ground, async ({ url, environment, child }) => {
    const served = { url, key: makeKey(environment, "bench-0") }
    findings.push(await exportBesideCopy(ground, served, rounds), await memoryOfExports(served, child))
    findings.push(...(await answerTimes(ground, served, rounds * 5)))
    const grpcPort = Number(environment.GRPC_PORT)
    findings.push(...(await searchBothWays({ ...served, grpcPort }, rounds * 5)))
    findings.push(await ingestSingles(served, rounds))
    if (ground.copyPerSecond !== null)
      findings.push(await ingestBatches(served, rounds, ground.copyPerSecond))
  })
}

/** Adds to the findings what callers notice right after a start, and beside callers who send hostile bodies. */
export async function measureAttacked(ground: Ground, findings: Finding[]): Promise<void> {
  await withConsole(ground, async ({ url, environment, child }) => {
    const key = makeKey(environment, "bench-0")
    const neighbourKey = makeKey(environment, "bench-1")
    await end(child)
    const own = { environment: { ...environment, BASE_URL: url }, url, key }
    findings.push(await firstStorms(own, 10))
    // With the limits of a real installation: what they refuse is part of the measurement.
    const limited = {
      ...own.environment,
      INGESTION_RATE_PER_SECOND: undefined,
      BODY_BYTES_PER_SECOND: undefined,
    }
    findings.push(...(await measureBodies({ ...own, environment: limited, neighbourKey })))
  })
}

async function withConsole(ground: Ground, use: (served: Console) => Promise<void>): Promise<void> {
  const port = 30_000 + Math.floor(Math.random() * 20_000)
  const url = `http://127.0.0.1:${port}`
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    DATABASE_URL: ground.server.applicationUrl,
    DATABASE_OWNER_URL: ground.server.ownerUrl,
    SECRET: randomBytes(32).toString("hex"),
    PORT: String(port),
    HOST: "127.0.0.1",
    INGESTION_RATE_PER_SECOND: "1000000",
    BODY_BYTES_PER_SECOND: "999999999",
    CLARIFAI_RATE: "100000",
    GRPC_PORT: String(port + 1),
    LOG_LEVEL: "error",
  }
  const child = spawn(process.execPath, ["scripts/start.mjs", "--no-worker"], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "ignore", "inherit"],
  })
  try {
    await untilReady(url, child)
    await use({ url, environment, child })
  } finally {
    await end(child)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill("SIGTERM")
  await new Promise(resolve => child.once("exit", resolve))
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error("The console did not start.")
    const ready = await fetch(`${url}/api/health`).then(
      answer => answer.ok,
      () => false,
    )
    if (ready) return
    await sleep(200)
  }
  throw new Error("The console did not answer in a minute.")
}

function makeKey(env: NodeJS.ProcessEnv, organization: string): string {
  const scopes = ["LOG-INGESTION", "LOG-MANAGEMENT"].flatMap(scope => ["--scope", scope])
  const args = [
    "key",
    "create",
    "--organization",
    organization,
    "--app",
    "app-1",
    "--name",
    "bench",
    ...scopes,
    "--json",
  ]
  const printed = execFileSync(
    process.execPath,
    ["node_modules/tsx/dist/cli.mjs", "scripts/admin.ts", ...args],
    {
      cwd: root,
      env,
      encoding: "utf8",
    },
  )
  // The one cast: the command's own output.
  return (JSON.parse(printed) as { readonly key: string }).key
}

const year = (years: number) => new Date(Date.now() - years * 365 * 24 * 3600 * 1000).toISOString()

/** Goal 14: the same cells, written by the server's COPY. */
async function exportBesideCopy(
  { bare, dataset }: Ground,
  served: { readonly url: string; readonly key: string },
  rounds: number,
): Promise<Finding> {
  const days = Math.min(365, Math.ceil((200_000 / (dataset.events * 0.6)) * 730))
  const from = new Date(Date.now() - days * 24 * 3600 * 1000).toISOString()
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = -1; round < Math.min(rounds, 5); round++) {
    const { rows, ms } = await exportCsv(served, `from=${encodeURIComponent(from)}`)
    const copied = await copyOut(bare, dataset.largest, from)
    if (round < 0) continue
    ours.push((rows * 1000) / ms)
    theirs.push((copied.rows * 1000) / copied.ms)
  }
  const [speed, baseline] = [median(ours), median(theirs)]
  return {
    goal: "14",
    what: "CSV export through HTTP",
    baseline: "COPY of the bodies as CSV through the driver",
    ratio: speed / baseline,
    reach: { kind: "at least", ratio: 0.7 },
    figures: `${Math.round(speed).toLocaleString("en")} rows/s against ${Math.round(baseline).toLocaleString("en")} rows/s`,
  }
}

async function copyOut(
  bare: pg.Pool,
  organizationId: string,
  from: string,
): Promise<{ rows: number; ms: number }> {
  const client = await bare.connect()
  let rows = 0
  try {
    const ms = await timed(async () => {
      const stream = client.query(
        copyTo(`COPY (SELECT occurred_at, id, index, app_id, operation, status, actor_id, source_ip, request_id, body
                FROM ledger.event WHERE organization_id = '${organizationId}' AND occurred_at >= '${from}'
                ORDER BY occurred_at DESC, id DESC) TO STDOUT WITH (FORMAT csv)`),
      )
      for await (const chunk of stream) for (const byte of chunk) if (byte === 10) rows++
    })
    return { rows, ms }
  } finally {
    client.release()
  }
}

/** Goal 14, memory: a long export may not use more than a short one. */
async function memoryOfExports(
  served: { readonly url: string; readonly key: string },
  child: ChildProcess,
): Promise<Finding> {
  const webPid = Number(
    execFileSync("pgrep", ["-P", String(child.pid), "-f", "server.mjs"], { encoding: "utf8" }).split("\n")[0],
  )
  const peak = async (parameters: string) => {
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, residentMebibytes(webPid))
    }, 50)
    await exportCsv(served, parameters)
    clearInterval(watch)
    return most
  }
  const short = await peak("window=7d")
  const long = await peak(`from=${encodeURIComponent(year(1.9))}`)
  return {
    goal: "14",
    what: "peak memory of the web process, export of everything",
    baseline: "export of a week",
    ratio: long / short,
    reach: null,
    figures: `${Math.round(long)} MiB against ${Math.round(short)} MiB`,
  }
}

function residentMebibytes(pid: number): number {
  const kibibytes = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })
  return Number(kibibytes) / 1024
}

/** What people notice: 19 of 20 responses come within this time. */
async function answerTimes(
  ground: Ground,
  served: { readonly url: string; readonly key: string },
  rounds: number,
): Promise<Finding[]> {
  const search = await searchApi(served, "operation=invoice.update&limit=50", rounds)
  const cookie = await signIn(served.url, ground)
  const page: number[] = []
  for (let round = -3; round < rounds; round++) {
    const ms = await timed(async () => {
      const answer = await fetch(`${served.url}/bench-0/admin/audit-logs?operation=invoice.update`, {
        headers: { cookie },
      })
      if (!answer.ok) throw new Error(`The page answered ${answer.status}.`)
      await answer.text()
    })
    if (round >= 0) page.push(ms)
  }
  const finding = (what: string, p95: number, goalMs: number): Finding => ({
    goal: "people",
    what,
    baseline: `${goalMs} ms`,
    ratio: p95 / goalMs,
    reach: { kind: "at most", ratio: 1 },
    figures: `${p95.toFixed(1)} ms`,
  })
  return [
    finding("API search by an indexed filter, p95", percentile(search, 0.95), 25),
    finding("Audit Logs page, whole HTML, p95", percentile(page, 0.95), 60),
  ]
}
