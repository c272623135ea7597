import { expect, it } from "vitest"
import { isZone } from "@/lib/audit/time/zone"
import { presentZoneName, zoneNames } from "./zone-names"

it("UTC and the reader's own zone come first, by its present name", () => {
  const names = zoneNames("Asia/Calcutta").map(zone => zone.name)
  expect(names.slice(0, 2)).toEqual(["UTC", "Asia/Kolkata"])
  expect(names).not.toContain("Asia/Calcutta")
})

it("every place is listed once, by a name that a question may hold", () => {
  const names = zoneNames("UTC").map(zone => zone.name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.filter(name => !isZone(name))).toEqual([])
  expect(names.length).toBeGreaterThan(300)
})

it("a renamed place is found by its former name too", () => {
  const zone = zoneNames("UTC").find(({ name }) => name === "Europe/Kyiv")
  expect(zone?.formerName).toBe("Europe/Kiev")
})

it("a zone is called by its present name, whichever spelling a browser knows", () => {
  expect(presentZoneName("Asia/Calcutta")).toBe("Asia/Kolkata")
  expect(presentZoneName("Asia/Kolkata")).toBe("Asia/Kolkata")
  expect(presentZoneName("toString")).toBe("toString")
})
