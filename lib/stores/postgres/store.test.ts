import { afterAll } from "vitest"
import { append } from "@/lib/ledger/append"
import { storeContract } from "@/lib/stores/store.contract"
import { createTestDatabase } from "@/test/database"
import { postgres15, type TestServer } from "@/test/server"
import { stepEvents } from "./look"
import { postgresStore } from "./store"

const oldest: TestServer | null = await postgres15()
afterAll(() => oldest?.stop())

storeContract("the embedded PostgreSQL", () => makeStore(undefined))
if (oldest) storeContract("PostgreSQL 15", () => makeStore(oldest))

async function makeStore(server: TestServer | undefined) {
  const test = await createTestDatabase({ server })
  const { database } = test
  return {
    store: postgresStore(database),
    stepEvents,
    organization: () => test.organization(),
    append: async (organizationId: string, events: Parameters<typeof append>[2]) => {
      await database.withOrganization(organizationId, tx => append(tx, organizationId, events))
    },
    expire: async (organizationId: string, ids: readonly string[]) => {
      // Triggers refuse every removal; only a superuser can leave them out.
      await test.superuser.query("SET session_replication_role = replica")
      await test.superuser.query(
        "DELETE FROM ledger.event WHERE organization_id = $1::uuid AND id = ANY($2::uuid[])",
        [organizationId, ids],
      )
      await test.superuser.query("SET session_replication_role = DEFAULT")
    },
    close: () => test.close(),
  }
}
