import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const manifest = JSON.parse(readFileSync("package.json", "utf8"))
const declared: readonly string[] = [
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.devDependencies),
]

describe("every dependency", () => {
  const page = readFileSync("docs/decisions/0001-stack.md", "utf8")
  const rows = page.split("\n").filter(line => line.startsWith("| `"))
  const explained = rows.flatMap(row =>
    [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(match => match[1] ?? ""),
  )

  it("is explained, and nothing is explained that is not there", () => {
    expect([...explained].sort()).toEqual([...declared].sort())
  })

  it("has an exact version", () => {
    const versions: readonly unknown[] = Object.values({
      ...manifest.dependencies,
      ...manifest.devDependencies,
    })
    expect(versions.filter(version => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(String(version)))).toEqual([])
  })

  it("works without its install script", () => {
    expect(Object.values(manifest.allowScripts)).not.toContain(true)
  })
})
