import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, test } from "vitest"
import { shippedPolicy } from "@/lib/audit/capture/policy"
import { sinkKinds } from "@/lib/sinks/kinds"

const root = path.resolve(import.meta.dirname, "..")
const textOf = (file: string) => readFileSync(path.join(root, file), "utf8")

/** Pages with a table of requirements and their tests, and the requirements that each must have. */
const pages = {
  "docs/capture.md": "R1-R23, R30, R32, R34, R39, R47, R49-R82, R227-R231, R233-R248, R251-R257, R259-R273",
  "docs/clarifai-api.md": "R119-R131, R135-R226",
  "docs/sinks.md": "R12-R29, R31, R33, R35-R38, R40-R46, R48, R83-R86, R232, R258, R273",
} as const

function rowsOf(page: string): readonly string[] {
  return page
    .slice(page.indexOf("## Every requirement and its test"))
    .split("\n")
    .filter(line => line.startsWith("| R"))
    .filter(line => !line.startsWith("| Requirement"))
}

/** Returns the numbers of `R1, R3-R5`. */
function numbersOf(text: string): readonly number[] {
  return text.split(",").flatMap(part => {
    const [first = Number.NaN, last = first] = part.split("-").map(one => Number(one.trim().replace("R", "")))
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}

describe.each(Object.entries(pages))("the table of %s", (file, wanted) => {
  const rows = rowsOf(textOf(file))

  test("has every requirement once", () => {
    const found = rows.flatMap(row => numbersOf(row.split("|")[1] ?? ""))
    expect(found).toEqual([...found].sort((one, other) => one - other))
    expect(found).toEqual(numbersOf(wanted))
  })

  test("names tests that exist under that name", () => {
    for (const row of rows) {
      const proofs = row.split("|")[3] ?? ""
      const named = [...proofs.matchAll(/`([^`]+)`(?:: “([^”]+)”)?/g)]
      expect(named.length, row).toBeGreaterThan(0)
      for (const [, file = "", name] of named) {
        expect(existsSync(path.join(root, file)), `${file} in ${row}`).toBe(true)
        if (name === undefined) continue
        expect(textOf(file), `${file} has no test “${name}”`).toContain(name)
      }
    }
  })
})

test("the shipped policy on the page is the one that is shipped", () => {
  const [, shown = ""] = /```json\n(\{"v"[\s\S]*?)```/.exec(textOf("docs/capture.md")) ?? []
  expect(JSON.parse(shown)).toEqual(shippedPolicy)
})

test("every kind of sink has a page, and the page of all says where to look for its copies", () => {
  const page = textOf("docs/sinks.md")
  const whereToLook = page.slice(page.indexOf("## Where to look"), page.indexOf("## Reading the states"))
  for (const { name } of sinkKinds) {
    expect(existsSync(path.join(root, `docs/sinks/${name}.md`)), name).toBe(true)
    const [, title = name] =
      new RegExp(`^\\| ([^|]+) \\| \\[[^\\]]+\\]\\(sinks/${name}\\.md\\)`, "m").exec(page) ?? []
    expect(whereToLook, name).toContain(`| ${title} |`)
  }
})
