import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"
import { shippedPolicy } from "@/lib/audit/capture/policy"

const root = path.resolve(import.meta.dirname, "..")
const page = readFileSync(path.join(root, "docs/capture.md"), "utf8")
const rows = page
  .slice(page.indexOf("## Every requirement and its test"))
  .split("\n")
  .filter(line => line.startsWith("| R"))
  .filter(line => !line.startsWith("| Requirement"))

/** Returns the numbers of `R1, R3-R5`. */
function numbersOf(text: string): readonly number[] {
  return text.split(",").flatMap(part => {
    const [first = Number.NaN, last = first] = part.split("-").map(one => Number(one.trim().replace("R", "")))
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

const wanted = numbersOf(
  "R1-R23, R30, R32, R34, R39, R47, R49-R82, R227-R231, R233-R248, R251-R257, R259-R273",
)

test("the table of the page about capture has every requirement once", () => {
  const found = rows.flatMap(row => numbersOf(row.split("|")[1] ?? ""))
  expect(found).toEqual([...found].sort((one, other) => one - other))
  expect(found).toEqual(wanted)
})

test("each test that the table names exists under that name", () => {
  for (const row of rows) {
    const proofs = row.split("|")[3] ?? ""
    const named = [...proofs.matchAll(/`([^`]+)`(?:: “([^”]+)”)?/g)]
    expect(named.length, row).toBeGreaterThan(0)
    for (const [, file = "", name] of named) {
      expect(existsSync(path.join(root, file)), `${file} in ${row}`).toBe(true)
      if (name === undefined) continue
      expect(readFileSync(path.join(root, file), "utf8"), `${file} has no test “${name}”`).toContain(name)
    }
  }
})

test("the shipped policy on the page is the one that is shipped", () => {
  const [, shown = ""] = /```json\n(\{"v"[\s\S]*?)```/.exec(page) ?? []
  expect(JSON.parse(shown)).toEqual(shippedPolicy)
})
