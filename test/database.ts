import { randomBytes, randomUUID } from "node:crypto"
import pg from "pg"
import { inject } from "vitest"
import { createDatabase, type Database } from "@/lib/database/database"
import { migratedTemplate, smallTemplate, type TestServer } from "./server"

/** An organization as the product creates it, as far as the ledger is concerned. */
export interface TestOrganization {
  readonly id: string
  readonly slug: string
  readonly name: string
  /** The built-in app, for the console's own events. */
  readonly builtInAppId: string
  /** An ordinary app. */
  readonly appId: string
}

/** A separate migrated database for a test, accessed as the product does. */
export interface TestDatabase {
  /** As the application role. */
  readonly database: Database
  readonly applicationUrl: string
  readonly ownerUrl: string
  readonly superuserUrl: string
  /** A connection as the owner of the tables. */
  readonly owner: pg.Client
  /** A connection as superuser, which no access rule limits: to inspect and to damage data. */
  readonly superuser: pg.Client
  organization(): Promise<TestOrganization>
  /** Closes every connection and leaves the database where it is. */
  disconnect(): Promise<void>
  /** Closes every connection and drops the database. */
  close(): Promise<void>
}

type Addresses = Pick<TestServer, "ownerUrl" | "applicationUrl" | "superuserUrl">

/** A machine that pauses for a while must not decide whether a test passes. */
export const testPatienceMs = 60_000

interface TestDatabaseOptions {
  readonly server?: Addresses
  readonly poolSize?: number
  readonly patienceMs?: number
  /** `migratedTemplate`, or a database that `prepareTemplate` has made on the run's server; otherwise `smallTemplate`. */
  readonly template?: string
}

/** Returns a fresh copy of the template, on the run's server or on the one passed. Close it when done. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = options.server ?? inject("testServer")
  const name = `test_${randomBytes(8).toString("hex")}`
  await onMaintenanceDatabase(server, async client => {
    await client.query(
      `CREATE DATABASE ${name} TEMPLATE ${options.template ?? smallTemplate} OWNER auditorium_owner`,
    )
    // The grants of a database are not copied from its template.
    await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`)
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO auditorium_application`)
  })
  const applicationUrl = withDatabase(server.applicationUrl, name)
  const ownerUrl = withDatabase(server.ownerUrl, name)
  const superuserUrl = withDatabase(server.superuserUrl, name)
  const [owner, superuser] = await Promise.all([connect(ownerUrl), connect(superuserUrl)])
  const database = createDatabase({
    databaseUrl: applicationUrl,
    poolSize: options.poolSize ?? 10,
    patienceMs: options.patienceMs ?? testPatienceMs,
  })
  const disconnect = async () => {
    await Promise.all([database.close(), owner.end(), superuser.end()])
  }
  return {
    database,
    applicationUrl,
    ownerUrl,
    superuserUrl,
    owner,
    superuser,
    organization: () => createOrganization(database),
    disconnect,
    async close() {
      await disconnect()
      await onMaintenanceDatabase(server, client => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
    },
  }
}

/**
 * Makes a database of which the tests of a file get copies: a copy takes a fraction of the time that preparing each one would. Drop it
 * when the copies are closed.
 */
export async function prepareTemplate(
  prepare: (test: TestDatabase) => Promise<unknown>,
): Promise<{ readonly template: string; drop(): Promise<void> }> {
  const server = inject("testServer")
  const template = `template_${randomBytes(8).toString("hex")}`
  const drop = () =>
    onMaintenanceDatabase(server, client => client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`))
  const test = await createTestDatabase()
  try {
    await prepare(test)
    const { rows } = await test.superuser.query<{ name: string }>("SELECT current_database() AS name")
    await test.disconnect()
    await onMaintenanceDatabase(server, client =>
      client.query(`ALTER DATABASE ${rows[0]?.name} RENAME TO ${template}`),
    )
  } catch (error) {
    await test.close()
    throw error
  }
  return { template, drop }
}

/** Returns an empty database on the run's server, owned by the role. */
export function createEmptyDatabase(
  owner = "auditorium_owner",
): Promise<Addresses & { drop(): Promise<void> }> {
  return createPlainDatabase(owner, "template1")
}

/** Returns a migrated database without the connections and the pool of a test database: for tests of the migrations themselves. */
export function createMigratedDatabase(): Promise<Addresses & { drop(): Promise<void> }> {
  return createPlainDatabase("auditorium_owner", migratedTemplate)
}

async function createPlainDatabase(owner: string, template: string) {
  const server = inject("testServer")
  const name = `plain_${randomBytes(8).toString("hex")}`
  await onMaintenanceDatabase(server, client =>
    client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${owner}`),
  )
  return {
    ownerUrl: withDatabase(server.ownerUrl, name),
    applicationUrl: withDatabase(server.applicationUrl, name),
    superuserUrl: withDatabase(server.superuserUrl, name),
    drop: () =>
      onMaintenanceDatabase(server, client => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  }
}

async function createOrganization(database: Database): Promise<TestOrganization> {
  const id = randomUUID()
  const slug = `organization-${randomBytes(6).toString("hex")}`
  const name = `Organization ${slug.slice(-4)}`
  const apps = { builtInAppId: randomUUID(), appId: randomUUID() }
  await database.withOrganizationPrisma(id, async ({ prisma }) => {
    await prisma.organization.create({ data: { id, slug, name } })
    await prisma.app.createMany({
      data: [
        { id: apps.builtInAppId, organizationId: id, slug: "auditorium", name: "Auditorium", builtIn: true },
        { id: apps.appId, organizationId: id, slug: "shop", name: "Shop" },
      ],
    })
  })
  return { id, slug, name, ...apps }
}

/** Returns a connection that the test closes; the end of the server does not end the test. */
export async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  client.on("error", () => {})
  await client.connect()
  return client
}

async function onMaintenanceDatabase(
  server: Addresses,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = await connect(withDatabase(server.superuserUrl, "postgres"))
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function withDatabase(address: string, name: string): string {
  const url = new URL(address)
  url.pathname = `/${name}`
  return url.href
}
