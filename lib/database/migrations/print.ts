import { prismaFolder, readMigrations, readRoles } from "./files"
import { createHistory, recordStatement } from "./history"

interface LoginRoles {
  readonly owner: string
  readonly application: string
}

/**
 * Returns what an administrator of the server runs once (`psql`), when the owner may not create roles. Harmless to repeat.
 */
export async function printRoles(
  { owner, application }: LoginRoles,
  folder = prismaFolder(),
): Promise<string> {
  return [
    "-- Run by an administrator of the server, in the database of the application.",
    "-- The two login roles must exist, and the first must own the database:",
    `--   CREATE ROLE ${identifier(owner)} LOGIN PASSWORD '...';`,
    `--   CREATE ROLE ${identifier(application)} LOGIN PASSWORD '...';`,
    `--   CREATE DATABASE auditorium OWNER ${identifier(owner)};`,
    `SELECT set_config('auditorium.owner', ${literal(owner)}, false), set_config('auditorium.application', ${literal(application)}, false);`,
    await readRoles(folder),
  ].join("\n")
}

/** Returns the roles and then every migration, for an empty database that is set up by hand. */
export async function printEverything(roles: LoginRoles, folder = prismaFolder()): Promise<string> {
  const migrations = await readMigrations(folder)
  return [
    await printRoles(roles, folder),
    `SET ROLE ${identifier(roles.owner)};`,
    createHistory,
    ...migrations.map(migration =>
      [`BEGIN; -- ${migration.name}`, migration.sql, recordStatement(migration), "COMMIT;"].join("\n"),
    ),
    // This script is run later, by hand: the instant is that of its run.
    "SELECT ledger.maintain_partitions(now());",
    "RESET ROLE;",
    "",
  ].join("\n\n")
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
