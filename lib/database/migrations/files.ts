import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import path from "node:path"

/** One folder of `prisma/migrations`. */
export interface Migration {
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file in hexadecimal, as in Prisma's history. */
  readonly checksum: string
}

/** Where the project keeps its migrations and roles; commands and servers run in the project's folder. */
export function prismaFolder(): string {
  return path.join(/* turbopackIgnore: true */ process.cwd(), "prisma")
}

/** Returns every migration of the folder, in the order in which they are applied. */
export async function readMigrations(folder = prismaFolder()): Promise<readonly Migration[]> {
  const migrations = path.join(folder, "migrations")
  const entries = await readdir(migrations, { withFileTypes: true })
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  return Promise.all(
    names.sort().map(async name => {
      const sql = await readFile(path.join(migrations, name, "migration.sql"), "utf8")
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") }
    }),
  )
}

/** Returns the statements that create the group roles (`prisma/roles.sql`). */
export function readRoles(folder = prismaFolder()): Promise<string> {
  return readFile(path.join(folder, "roles.sql"), "utf8")
}
