import { expect, test } from "vitest"
import { effectiveRole } from "@/lib/access/grants"
import { permissions } from "@/lib/access/permissions"
import { counted, inWords, limitable } from "./group"

test("names are listed as people say them, of many the first and how many more", () => {
  expect(inWords([])).toBe("")
  expect(inWords(["Ada"])).toBe("Ada")
  expect(inWords(["Ada", "Ben", "Cleo"])).toBe("Ada, Ben and Cleo")
  expect(inWords(["Ada", "Ben", "Cleo"], 2)).toBe("Ada, Ben and 1 more")
  expect([counted(1, ["role", "roles"]), counted(2, ["role", "roles"])]).toEqual(["1 role", "2 roles"])
})

test("the page names the very permissions that a limit to apps leaves of a role", () => {
  const { permissions: left } = effectiveRole({ permissions, appIds: ["any"] })
  expect([...left].sort()).toEqual([...limitable].sort())
})
