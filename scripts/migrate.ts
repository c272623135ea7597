// npm run migrate                    brings the database to this version
// npm run migrate -- --status       says what is applied and what is not; exit status 3 when something is pending or wrong
// npm run migrate -- --print        prints everything as SQL, for an empty database set up by hand
// npm run migrate -- --print roles  prints only what needs an administrator of the server
import path from "node:path"
import { parseArgs } from "node:util"
import { printEverything, printRoles } from "@/lib/migrations/print"
import { MigrationError, migrate, readMigrationState } from "@/lib/migrations/run"
import { startPostgres } from "@/scripts/postgres.mjs"

interface Addresses {
  readonly ownerUrl: string
  readonly applicationUrl: string
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { print: { type: "boolean" }, status: { type: "boolean" } },
    allowPositionals: true,
  })
  if (values.print) {
    const roles = { owner: roleNamed("DATABASE_OWNER_URL"), application: roleNamed("DATABASE_URL") }
    process.stdout.write(positionals[0] === "roles" ? await printRoles(roles) : await printEverything(roles))
    return 0
  }
  return withAddresses(values.status ? showStatus : bringUpToDate)
}

async function bringUpToDate({ ownerUrl, applicationUrl }: Addresses): Promise<number> {
  const { applied } = await migrate({ ownerUrl, applicationRole: roleOf(applicationUrl), log: say })
  say(applied.length === 0 ? "The database is up to date." : `Applied ${applied.length} migrations.`)
  return 0
}

async function showStatus({ ownerUrl }: Addresses): Promise<number> {
  const { applied, pending, problem } = await readMigrationState({ ownerUrl })
  for (const name of applied) process.stdout.write(`applied  ${name}\n`)
  for (const { name } of pending) process.stdout.write(`pending  ${name}\n`)
  if (problem !== null) say(problem)
  return problem === null && pending.length === 0 ? 0 : 3
}

/** The two addresses of the environment, or the embedded server, which is stopped again unless it ran before. */
async function withAddresses(work: (addresses: Addresses) => Promise<number>): Promise<number> {
  const { DATABASE_URL: applicationUrl, DATABASE_OWNER_URL: ownerUrl, DATA_DIR: dataDirectory } = process.env
  if (applicationUrl && ownerUrl) return work({ ownerUrl, applicationUrl })
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

function roleNamed(variable: "DATABASE_URL" | "DATABASE_OWNER_URL"): string {
  const url = process.env[variable]
  return url
    ? roleOf(url)
    : { DATABASE_URL: "auditorium_app", DATABASE_OWNER_URL: "auditorium_owner" }[variable]
}

function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username)
}

function say(message: string): void {
  process.stderr.write(`${message}\n`)
}

try {
  process.exitCode = await main()
} catch (error) {
  say(
    error instanceof MigrationError
      ? error.message
      : `Migrating failed: ${error instanceof Error ? error.message : error}`,
  )
  process.exitCode = 1
}
