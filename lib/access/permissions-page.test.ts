import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"
import { describePermissions } from "./permissions"

test("the page on access control lists every permission in the words of the catalogue, and no other", () => {
  const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/access-control.md"), "utf8")
  const rows = page.split("\n").filter(line => line.startsWith("| `"))
  expect(rows).toEqual(
    describePermissions().map(({ permission, description, includes }) => {
      const included = includes.map(each => `\`${each}\``).join(", ") || "-"
      return `| \`${permission}\` | ${description} | ${included} |`
    }),
  )
})
