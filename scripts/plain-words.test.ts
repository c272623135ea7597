import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import { checkWords, commentsOf, faultsOfWords } from "./plain-words.mjs"

const root = path.resolve(import.meta.dirname, "..")

/** Returns the refused words of a file, each with its line. */
function found(file: string, ...lines: readonly string[]): readonly string[] {
  return faultsOfWords(file, lines.join("\n")).map(({ line, found: word }) => `${line} ${word}`)
}

/** Returns the source of a placeholder in a template. */
const hole = (code: string) => ["$", "{", code, "}"].join("")

/** Returns the source of a template. */
const template = (...parts: readonly string[]) => ["`", ...parts, "`"].join("")

describe("the check of words", () => {
  it.each([
    ["/** Promise: the group. */"],
    ["/**\n * Promise: the group.\n */"],
    ["// Promise: the group."],
    ["const a = 1 // Promise: the group."],
    ["{/* Promise: the group. */}"],
    ["/** Ends it. Promise: true when it was open. */"],
  ])("refuses Promise: in the comment %j", comment => {
    const line = comment.split("\n").findIndex(text => text.includes("Promise:")) + 2
    for (const file of ["a.ts", "a.tsx", "a.mjs"]) {
      expect(found(file, "const before = 0", comment)).toEqual([`${line} Promise:`])
    }
  })

  it.each([
    "whoever",
    "Whoever",
    "whomever",
    "anew",
    "taken away",
    "of which nobody",
    "thereof",
    "hereby",
    "wherein",
    "hitherto",
  ])("refuses %j in comments and docs", word => {
    expect(found("a.ts", "", `// It is ${word} here.`)).toEqual([`2 ${word}`])
    expect(found("a.sql", "SELECT 1;", `-- It is ${word} here.`)).toEqual([`2 ${word}`])
    expect(found("a.css", "a {}", "/*", `${word} */`)).toEqual([`3 ${word}`])
    expect(found("docs/a.md", "# A", "", `It is ${word} here.`)).toEqual([`3 ${word}`])
  })

  it("reads comments only: code, strings, templates, patterns and the code that docs quote may hold the words", () => {
    expect(
      found(
        "a.ts",
        "const a = \"// whoever\", b = '/* anew */'",
        `const c = ${template("// whoever ", hole('"`" + `// anew`'), " // whoever")}`,
        'const d = /["\'`]\\/\\/ whoever/.test("anew"), e: Promise<void> = Promise.resolve()',
        "const f = { whoever: 1, at: 'https://anew.example' }",
      ),
    ).toEqual([])
    expect(found("docs/a.md", "Not `whoever`.", "```ts", "// Promise: whoever", "```")).toEqual([])
    expect(found("a.css", ".anew { color: red }")).toEqual([])
    expect(found("a.sql", "SELECT 'anew';")).toEqual([])
    expect(found("a.png", "whoever")).toEqual([])
  })

  it("finds the comment behind whatever looks like one", () => {
    expect(found("a.ts", `const a = ${template(hole('"}"'), " // no")} // whoever`)).toEqual(["1 whoever"])
    expect(found("a.ts", "const a = /[/`'\"]/ // whoever")).toEqual(["1 whoever"])
    expect(found("a.ts", "const a = 4 / 2 // whoever / anew")).toEqual(["1 whoever", "1 anew"])
    expect(found("a.tsx", "<p>It's here</p>", "// whoever")).toEqual(["2 whoever"])
    const nested = template(hole(`{ b: ${template(hole("1"))} }.b`))
    expect(found("a.ts", `const a = ${nested}`, "/* whoever */")).toEqual(["2 whoever"])
  })

  it("leaves a comment in its place, so that lines keep their numbers", () => {
    expect(commentsOf("const a = 1 // one\n/* two\n */ b")).toBe("            // one\n/* two\n */  ")
  })

  it("finds nothing in this project", () => {
    expect(() => checkWords(root)).not.toThrow()
  })
})

describe("the check of the words of a project", () => {
  const folders: string[] = []
  const project = (files: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(path.join(tmpdir(), "words-"))
    folders.push(folder)
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
      writeFileSync(path.join(folder, file), text)
    }
    return folder
  }
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  it("names file and line of each fault, and what to write instead", () => {
    const folder = project({
      "lib/a/b.ts": "\n// Promise: an id.\n",
      "docs/c.md": "# C\n\nWhoever reads this.\n",
    })
    expect(() => checkWords(folder)).toThrow(
      /^docs\/c\.md:3: "Whoever": name the person.*\nlib\/a\/b\.ts:2: "Promise:": say/,
    )
  })

  it("leaves migrations, generated files and packages alone", () => {
    const text = "-- Promise: whoever\n// Promise: whoever\n"
    const folder = project({
      "prisma/migrations/20261130_a/migration.sql": text,
      "lib/generated/a.ts": text,
      "node_modules/a/a.mjs": text,
      ".next/a.mjs": text,
    })
    expect(() => checkWords(folder)).not.toThrow()
  })
})
