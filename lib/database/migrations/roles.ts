import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto"
import type pg from "pg"
import { sqlState } from "@/lib/database/errors"
import { MigrationError } from "./error"

/** A login role, as in a database url. */
export interface LoginRole {
  readonly name: string
  /** Absent = the role is never created, only expected. */
  readonly password?: string
}

/**
 * Creates the application's role where it is missing and grants the roles what `roles` (prisma/roles.sql) says. Throws
 * MigrationError with the one statement that an administrator of the server must run, when the owner may not.
 */
export async function provisionRoles(
  client: pg.Client,
  application: LoginRole,
  roles: string,
  log: (message: string) => void,
): Promise<void> {
  await createLoginRole(client, application, log)
  await client.query(
    "SELECT set_config('auditorium.owner', current_user, false), set_config('auditorium.application', $1, false)",
    [application.name],
  )
  try {
    await client.query(roles)
  } catch (error) {
    if (sqlState(error) !== "42501") throw error
    throw new MigrationError(
      `The role of DATABASE_OWNER_URL may not set up the roles this program needs (${messageOf(error)}). Let an administrator of the server run what "npm run migrate -- --print roles" prints, then start again.`,
    )
  }
}

async function createLoginRole(
  client: pg.Client,
  { name, password }: LoginRole,
  log: (message: string) => void,
): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", [name])
  if (rowCount !== 0 || !password) return
  const role = client.escapeIdentifier(name)
  try {
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(verifierOf(password))}`)
    log(`Created the role ${name} of DATABASE_URL.`)
  } catch (error) {
    // A concurrent run created it.
    if (sqlState(error) === "42710" || sqlState(error) === "23505") return
    if (sqlState(error) !== "42501") throw error
    throw new MigrationError(
      `The role ${name} of DATABASE_URL does not exist, and the role of DATABASE_OWNER_URL may not create it. Let an administrator of the server run this, with the password of DATABASE_URL, then start again:\n\n  CREATE ROLE ${role} LOGIN PASSWORD '...';\n`,
    )
  }
}

const iterations = 4096

/**
 * Returns what PostgreSQL stores for a password (SCRAM-SHA-256, RFC 5802), so that the password itself is in no statement
 * and therefore in no log of the server. Non-ASCII passwords may need the server's own preparation and are sent unchanged.
 */
function verifierOf(password: string): string {
  if (!/^[\x20-\x7e]+$/.test(password)) return password
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256")
  const clientKey = createHmac("sha256", salted).update("Client Key").digest()
  const storedKey = createHash("sha256").update(clientKey).digest()
  const serverKey = createHmac("sha256", salted).update("Server Key").digest()
  const text = (bytes: Buffer) => bytes.toString("base64")
  return `SCRAM-SHA-256$${iterations}:${text(salt)}$${text(storedKey)}:${text(serverKey)}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
