// npm run migrate                    brings the database to this version
// npm run migrate -- --status       says what is applied and what is not; exit status 3 when something is pending or wrong
// npm run migrate -- --finish       prepares existing events for search now, instead of leaving it to the worker
// npm run migrate -- --print        prints everything as SQL, for an empty database set up by hand
// npm run migrate -- --print roles  prints only what needs an administrator of the server
import path from "node:path"
import { parseArgs } from "node:util"
import pg from "pg"
import { connectionProblem } from "@/lib/database/connection-problem"
import { MigrationError } from "@/lib/database/migrations/error"
import { type Rebuilt, rebuildText } from "@/lib/database/migrations/online/rebuild"
import { printEverything, printRoles } from "@/lib/database/migrations/print"
import { migrate, readMigrationState } from "@/lib/database/migrations/run"
import "@/scripts/launcher/load-env-file.mjs"
import { startPostgres } from "@/scripts/postgres.mjs"

interface Addresses {
  readonly ownerUrl: string
  readonly applicationUrl: string
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { finish: { type: "boolean" }, print: { type: "boolean" }, status: { type: "boolean" } },
    allowPositionals: true,
  })
  if (values.print) {
    const roles = { owner: roleNamed("DATABASE_OWNER_URL"), application: roleNamed("DATABASE_URL") }
    process.stdout.write(positionals[0] === "roles" ? await printRoles(roles) : await printEverything(roles))
    return 0
  }
  if (values.status) return withAddresses(showStatus)
  return withAddresses(values.finish ? finish : bringUpToDate)
}

async function bringUpToDate(addresses: Addresses): Promise<number> {
  await applyMigrations(addresses)
  const { outcome } = await rebuildText({ ownerUrl: addresses.ownerUrl, budgetMs: 0 })
  if (outcome === "unfinished") {
    say(
      "Existing events are still to be prepared for search. The worker does it while the console runs, when it has " +
        "DATABASE_OWNER_URL; npm run migrate -- --finish does it now. Both can be ended at any moment and started again.",
    )
  }
  return 0
}

async function applyMigrations({ ownerUrl, applicationUrl }: Addresses): Promise<void> {
  const { name, password } = roleOf(applicationUrl)
  const { applied } = await migrate({
    ownerUrl,
    applicationRole: name,
    applicationPassword: password,
    log: say,
  })
  await signIn(applicationUrl)
  say(applied.length === 0 ? "The database is up to date." : `Applied ${applied.length} migrations.`)
}

/** The role may have existed before, with another password than the one in DATABASE_URL. */
async function signIn(applicationUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: applicationUrl })
  try {
    await client.connect()
  } catch (error) {
    const problem = connectionProblem(error, "DATABASE_URL", applicationUrl)
    if (problem === null) throw error
    throw new MigrationError(`The database is up to date, but cannot be used yet. ${problem}`)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Migrates, and then prepares existing events for search, while processes of the console read and write. */
async function finish(addresses: Addresses): Promise<number> {
  await applyMigrations(addresses)
  const { outcome, partitionsLeft } = await rebuildText({ ownerUrl: addresses.ownerUrl, log: say })
  say(endings[outcome](partitionsLeft))
  return outcome === "finished" || outcome === "nothing" ? 0 : 3
}

const endings: Readonly<Record<Rebuilt["outcome"], (left: number) => string>> = {
  nothing: () => "Nothing is left to prepare: the database is up to date.",
  finished: () => "Every event is prepared for search.",
  busy: () => "Another process is at it, perhaps the worker; GET /api/health says when it has finished.",
  unfinished: left =>
    `Readers hold what is left to change${left > 0 ? ` (${left} partitions)` : ""}. Run this again when long exports have ended.`,
}

async function showStatus({ ownerUrl }: Addresses): Promise<number> {
  const { applied, pending, problem } = await readMigrationState({ ownerUrl })
  for (const name of applied) process.stdout.write(`applied  ${name}\n`)
  for (const { name } of pending) process.stdout.write(`pending  ${name}\n`)
  if (problem !== null) say(problem)
  return problem === null && pending.length === 0 ? 0 : 3
}

/** The two urls of the environment, or the embedded server, which is stopped again unless it was running before. */
async function withAddresses(work: (addresses: Addresses) => Promise<number>): Promise<number> {
  const { DATABASE_URL: applicationUrl, DATABASE_OWNER_URL: ownerUrl, DATA_DIR: dataDirectory } = process.env
  if (applicationUrl && ownerUrl) {
    checkAddresses({ ownerUrl, applicationUrl })
    return work({ ownerUrl, applicationUrl })
  }
  if (applicationUrl || ownerUrl) {
    throw new MigrationError(
      "Set both DATABASE_URL (the application) and DATABASE_OWNER_URL (the owner of the database).",
    )
  }
  const server = await startPostgres({
    directory: path.resolve(dataDirectory || ".data", "postgres"),
    log: say,
  })
  try {
    return await work(server)
  } finally {
    if (!server.adopted) await server.stop()
  }
}

function checkAddresses({ ownerUrl, applicationUrl }: Addresses): void {
  for (const [name, url] of [
    ["DATABASE_OWNER_URL", ownerUrl],
    ["DATABASE_URL", applicationUrl],
  ] as const) {
    if (!/^postgres(ql)?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
      throw new MigrationError(`${name}: expected postgresql://role:password@host:port/database.`)
  }
  if (roleOf(ownerUrl).name === roleOf(applicationUrl).name) {
    throw new MigrationError(
      "DATABASE_URL and DATABASE_OWNER_URL name the same role. The application must not own its tables: name another role in DATABASE_URL; it is created when it does not exist.",
    )
  }
}

function roleNamed(variable: "DATABASE_URL" | "DATABASE_OWNER_URL"): string {
  const url = process.env[variable]
  return url
    ? roleOf(url).name
    : { DATABASE_URL: "auditorium_app", DATABASE_OWNER_URL: "auditorium_owner" }[variable]
}

function roleOf(url: string): { readonly name: string; readonly password: string } {
  const { username, password } = new URL(url)
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) }
}

function say(message: string): void {
  process.stderr.write(`${message}\n`)
}

/** One sentence: what is wrong, or to which url no connection was made. */
function explain(error: unknown): string {
  if (error instanceof MigrationError) return error.message
  const { DATABASE_OWNER_URL: ownerUrl } = process.env
  const problem = ownerUrl ? connectionProblem(error, "DATABASE_OWNER_URL", ownerUrl) : null
  return problem ?? `Migrating failed: ${error instanceof Error ? error.message : error}`
}

try {
  process.exitCode = await main()
} catch (error) {
  say(explain(error))
  process.exitCode = 1
}
