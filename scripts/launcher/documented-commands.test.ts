import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { blocksOf, pages } from "./documented-commands.mjs"

const root = path.resolve(import.meta.dirname, "../..")

describe("the blocks of a page", () => {
  it("are those marked sh, each with its line, and the reason where one is not run", () => {
    const page = ["# A", "```sh", "npm start", "```", "```text", "no", "```"]
    const left = ["<!-- not run: takes long -->", "```sh", "npm test", "```", ""]
    expect(blocksOf([...page, ...left].join("\n"))).toEqual([
      { line: 2, text: "npm start", reason: null },
      { line: 9, text: "npm test", reason: "takes long" },
    ])
  })

  it("that do not end are a fault of the page", () => {
    expect(() => blocksOf("```sh\nnpm start\n")).toThrow("line 1 does not end")
  })

  it.each(pages(root))("of %s are all readable, and none hides in another mark", name => {
    const page = readFileSync(path.join(root, name), "utf8")
    expect(blocksOf(page).every(({ text }) => text.trim() !== "")).toBe(true)
    expect(page).not.toMatch(/^```(bash|shell|console|zsh)$/m)
  })
})
