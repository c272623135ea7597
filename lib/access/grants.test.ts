import { describe, expect, test } from "vitest"
import { type GrantingRole, grantsOf, isBlind } from "./grants"

const organizationId = "00000000-0000-7000-8000-000000000001"
const actorId = "00000000-0000-7000-8000-0000000000aa"
const grants = (...roles: GrantingRole[]) => grantsOf(roles, { organizationId, actorId })
const role = (permissions: string[], appIds: string[] = []): GrantingRole => ({ permissions, appIds })

test("no role means no permission and a scope in which nothing can be seen", () => {
  const nothing = grants()
  expect([...nothing.permissions]).toEqual([])
  expect(nothing.scope).toEqual({ organizationId, appIds: [], actorId })
  expect(grants(role([])).scope.appIds).toEqual([])
})

test("LOG-MANAGEMENT sees every app and every actor, and may export", () => {
  const { permissions, scope } = grants(role(["LOG-MANAGEMENT"]))
  expect([...permissions].sort()).toEqual(["LOG-EXPORT", "LOG-MANAGEMENT", "LOG-OWN"])
  expect(scope).toEqual({ organizationId, appIds: null, actorId: null })
})

test("roles limited to apps add up", () => {
  const { scope } = grants(role(["LOG-MANAGEMENT"], ["b", "a"]), role(["LOG-MANAGEMENT"], ["b", "c"]))
  expect(scope).toEqual({ organizationId, appIds: ["a", "b", "c"], actorId: null })
})

test("one role without a limit lifts the limit of the others", () => {
  const { scope } = grants(role(["LOG-MANAGEMENT"], ["a"]), role(["LOG-MANAGEMENT"]))
  expect(scope.appIds).toBeNull()
})

test("an unlimited role that cannot see does not lift the limit of one that can", () => {
  const { scope } = grants(role(["LOG-MANAGEMENT"], ["a"]), role(["APP-MANAGEMENT"]), role(["LOG-OWN"]))
  expect(scope).toEqual({ organizationId, appIds: ["a"], actorId: null })
})

test("LOG-OWN alone sees one's own actions only, in the apps of its role", () => {
  expect(grants(role(["LOG-OWN"])).scope).toEqual({ organizationId, appIds: null, actorId })
  expect(grants(role(["LOG-OWN"], ["a"])).scope).toEqual({ organizationId, appIds: ["a"], actorId })
})

test("LOG-EXPORT alone sees and exports one's own actions", () => {
  const { permissions, scope } = grants(role(["LOG-EXPORT"]))
  expect([...permissions].sort()).toEqual(["LOG-EXPORT", "LOG-OWN"])
  expect(scope).toEqual({ organizationId, appIds: null, actorId })
})

test("a role limited twice reaches the apps of both limits, which may be none", () => {
  const held = (appIds: string[], assignmentAppIds: string[]) =>
    grants({ permissions: ["LOG-MANAGEMENT", "APP-MANAGEMENT"], appIds, assignmentAppIds })
  expect(held(["a", "b"], ["b", "c"]).scope.appIds).toEqual(["b"])
  expect(held([], ["b"]).scope.appIds).toEqual(["b"])
  expect(held(["a"], ["c"]).scope.appIds).toEqual([])
  expect([...held([], ["b"]).permissions].sort()).toEqual(["LOG-EXPORT", "LOG-MANAGEMENT", "LOG-OWN"])
})

describe("a role whose two limits have no app in common", () => {
  const nowhere = { permissions: ["LOG-MANAGEMENT"], appIds: ["a"], assignmentAppIds: ["c"] }

  test("takes nothing from what another role shows, and adds nothing to it", () => {
    for (const other of [role(["LOG-OWN"]), role(["LOG-OWN"], ["b"]), role(["LOG-MANAGEMENT"], ["b"])]) {
      expect(grants(nowhere, other), JSON.stringify(other)).toEqual(grants(other))
      expect(grants(other, nowhere), JSON.stringify(other)).toEqual(grants(other))
    }
  })

  test("shows nothing alone, nor beside one that is not for seeing", () => {
    for (const { permissions, scope } of [grants(nowhere), grants(nowhere, role(["APP-MANAGEMENT"]))]) {
      expect(permissions).toContain("LOG-MANAGEMENT")
      expect(isBlind("LOG-MANAGEMENT", scope)).toBe(true)
    }
  })
})

test("beside a role that shows every event of some apps, one for one's own actions adds nothing", () => {
  const { scope } = grants(role(["LOG-OWN"]), role(["LOG-MANAGEMENT"], ["a"]))
  expect(scope).toEqual({ organizationId, appIds: ["a"], actorId: null })
})

test("a role limited to apps hands out nothing that would reach the other apps", () => {
  const { permissions } = grants(role(["LOG-MANAGEMENT", "APP-MANAGEMENT", "ROLE-MANAGEMENT"], ["a"]))
  expect([...permissions].sort()).toEqual(["LOG-EXPORT", "LOG-MANAGEMENT", "LOG-OWN"])
})

test("a word that is not in the catalogue is no permission", () => {
  expect([...grants(role(["LOG-MANAGMENT", "toString", "__proto__"])).permissions]).toEqual([])
})
