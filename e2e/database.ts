import path from "node:path"
import { Client } from "pg"
import { startPostgres } from "@/scripts/postgres.mjs"
import { dataDirectory } from "./world"

/**
 * Does what no screen offers: runs statements on the console's database as the application does, for one organization (its
 * slug), whose id every statement gets as `$1`.
 */
export async function inDatabase(
  slug: string,
  statements: readonly (readonly [string, ...unknown[]])[],
): Promise<void> {
  // It is running already, so this only finds its url.
  const { applicationUrl } = await startPostgres({ directory: path.join(dataDirectory, "postgres") })
  const client = new Client({ connectionString: applicationUrl })
  await client.connect()
  try {
    const { rows } = await client.query("SELECT id FROM organization WHERE slug = $1", [slug])
    await client.query("SELECT set_config('app.organization', $1, false)", [rows[0].id])
    for (const [text, ...values] of statements) await client.query(text, [rows[0].id, ...values])
  } finally {
    await client.end()
  }
}
