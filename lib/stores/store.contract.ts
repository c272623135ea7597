import { afterAll, beforeAll, describe } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { boundsContract } from "./contract/bounds.contract"
import { eventsContract } from "./contract/events.contract"
import { filtersContract } from "./contract/filters.contract"
import {
  everyPage,
  everything,
  type Given,
  madeUpCount,
  type StoreUnderTest,
  scopeOf,
} from "./contract/given.contract"
import { linksContract } from "./contract/links.contract"
import { madeUpEvents } from "./contract/made-up-log.contract"
import { pagesContract } from "./contract/pages.contract"
import { positionsContract } from "./contract/positions.contract"

/** Every EventStore passes this suite. Most tests compare the store with a plain scan of the same log. */
export function storeContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`the event store on ${name}`, () => {
    let begun: Given | undefined
    const begin = () => {
      if (!begun) throw new Error("The suite has not begun.")
      return begun
    }
    // Read by the tests when they run, after the suite has begun.
    const given: Given = {
      get test() {
        return begin().test
      },
      get organization() {
        return begin().organization
      },
      get scope() {
        return begin().scope
      },
      get log() {
        return begin().log
      },
    }

    beforeAll(async () => {
      const test = await makeStore()
      const organization = await test.organization()
      const scope = scopeOf(organization)
      await test.append(organization.id, madeUpEvents(organization, madeUpCount))
      const log: readonly AuditEvent[] = await everyPage(
        test.store,
        scope,
        { ...everything, order: "recorded" },
        100,
      )
      begun = { test, organization, scope, log }
    })
    afterAll(() => begun?.test.close())

    pagesContract(given)
    positionsContract(given)
    filtersContract(given)
    eventsContract(given)
    boundsContract(given)
    linksContract(given)
  })
}
