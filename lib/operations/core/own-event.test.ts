import { randomUUID } from "node:crypto"
import { expect, test } from "vitest"
import { jobPrincipal } from "@/lib/access/principal"
import { eventLimits } from "@/lib/audit/event/limits"
import { callerFor } from "@/lib/operations/fixtures/access"
import type { About } from "./operation"
import { prepareOwnEvent } from "./own-event"

const log = { organizationId: randomUUID(), builtInAppId: randomUUID() }

const prepare = (about: Partial<About>) =>
  prepareOwnEvent(
    {
      operation: "organization_team.delete",
      caller: callerFor(jobPrincipal("test", null)),
      about: { targets: [], ...about },
      outcome: { status: "success" },
    },
    log,
  )

const times = <Item>(count: number, item: Item) => Array.from({ length: count }, () => item)
const target = { type: "user", id: "ada" }
const change = { path: "/name", before: null, after: "Ada" }

test("an event of the console that is as full as an event may be is kept as it is", () => {
  const about = {
    targets: times(eventLimits.targetCount, target),
    changes: times(eventLimits.changeCount, { ...change, path: "" }),
    details: times(eventLimits.detailCount, "x".repeat(eventLimits.detailLength)),
  }
  expect(prepare(about).content).toMatchObject(about)
})

test.each<[string, Partial<About>]>([
  ["/targets has 21 elements", { targets: times(21, target) }],
  ["/changes has 65 elements", { changes: times(65, change) }],
  ["/details/0 has 2001 characters", { details: ["x".repeat(2_001)] }],
  ["/metadata is 40008 bytes", { metadata: { a: "x".repeat(40_000) } }],
  ["is 4[0-9]{5} bytes", { changes: [{ ...change, before: times(40_000, "member 0") }] }],
])("an event of the console that breaks a limit of the record is refused: %s", (words, about) => {
  expect(() => prepare(about)).toThrow(
    new RegExp(`^The event of organization_team.delete cannot be kept: ${words}`),
  )
})
