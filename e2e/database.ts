import path from "node:path"
import { Client } from "pg"
import { startPostgres } from "@/scripts/postgres.mjs"
import { dataDirectory } from "./world"

let found: Promise<string> | undefined

/** The console is running already, so this only finds the url of its database. */
function databaseUrl(): Promise<string> {
  found ??= startPostgres({ directory: path.join(dataDirectory, "postgres") }).then(
    ({ applicationUrl }) => applicationUrl,
  )
  return found
}

/**
 * Does what no screen offers: runs statements on the console's database as the application does, for one organization (its
 * slug), whose id every statement gets as `$1`.
 */
export async function inDatabase(
  slug: string,
  statements: readonly (readonly [string, ...unknown[]])[],
): Promise<void> {
  await connected(async client => {
    const { rows } = await client.query("SELECT id FROM organization WHERE slug = $1", [slug])
    await client.query("SELECT set_config('app.organization', $1, false)", [rows[0].id])
    for (const [text, ...values] of statements) await client.query(text, [rows[0].id, ...values])
  })
}

/** Stores a password for a person, as this hash. */
export async function storePassword(email: string, passwordHash: string): Promise<void> {
  await connected(client =>
    client.query("UPDATE person SET password_hash = $2 WHERE email = $1", [email, passwordHash]),
  )
}

async function connected(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: await databaseUrl() })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
