import { describe, expect, test } from "vitest"
import { missingForGranting } from "@/lib/access/granting"
import type { Permission } from "@/lib/access/permissions"
import { jobPrincipal, type Principal } from "@/lib/access/principal"
import { scopeFaults } from "./rules"

const organization = { id: "o", slug: "acme", name: "Acme" }
const whole = { organizationId: "o", appIds: null, actorId: null }

function holder(scope: Principal["scope"], held: readonly Permission[]): Principal {
  return { ...jobPrincipal("test", organization), permissions: new Set(held), scope }
}

const narrow: readonly (readonly [string, Principal["scope"]])[] = [
  ["some apps", { ...whole, appIds: ["a"] }],
  ["their own actions", { ...whole, actorId: "me" }],
  ["nothing", null],
]
const held: readonly Permission[] = ["SINK-MANAGEMENT", "LOG-MANAGEMENT", "LOG-OWN"]
const role = { permissions: ["SINK-MANAGEMENT"], appIds: [] }

describe("the permission for sinks reaches the whole log, so it is given only by somebody who sees all of it", () => {
  test("to a key and in a role", () => {
    expect(scopeFaults(holder(whole, held), ["SINK-MANAGEMENT"])).toEqual([])
    expect(missingForGranting(holder(whole, held), [role])).toEqual([])
  })

  test.each(narrow)("not by a holder who sees %s", (_, scope) => {
    expect(scopeFaults(holder(scope, held), ["SINK-MANAGEMENT"])).toMatchObject([{ pointer: "/scopes/0" }])
    expect(missingForGranting(holder(scope, held), [role])).toContain("SINK-MANAGEMENT")
  })
})
