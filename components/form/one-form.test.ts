import { readdirSync, readFileSync } from "node:fs"
import * as path from "node:path"
import { expect, test } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter(file => file.endsWith(".tsx"))
    .map(file => path.join(folder, file))
}

test("every form of the console is the one that checks before it sends; the log's filters send nothing", () => {
  const others = [...sources("app"), ...sources("components")].filter(
    file =>
      /<form[\s>]/.test(readFileSync(path.join(root, file), "utf8")) &&
      !file.startsWith("components/audit-log/"),
  )
  expect(others).toEqual(["components/form/form.tsx"])
})

test("no text is cut while it is typed or pasted", () => {
  const cutting = [...sources("app"), ...sources("components")].filter(
    file =>
      /\bmaxLength=/.test(readFileSync(path.join(root, file), "utf8")) &&
      !file.startsWith("components/audit-log/"),
  )
  expect(cutting).toEqual([])
})
