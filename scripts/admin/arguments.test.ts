import { expect, test } from "vitest"
import { type Option, readOptions, UsageError } from "./arguments"
import { table } from "./output"

const options: Readonly<Record<string, Option>> = {
  name: { hint: "NAME", means: "its name", required: true },
  scope: { hint: "SCOPE", means: "what it may", several: true },
  app: { hint: "APP", means: "its app" },
  first: { hint: "", means: "the first", bare: true },
}

test("options are read in both spellings, switches without a value, several by repeating or by commas", () => {
  const given = readOptions(["--name", "a b", "--scope=X", "--scope", "Y, Z", "--first"], options)
  expect([given.one("name"), given.several("scope"), given.has("first")]).toEqual([
    "a b",
    ["X", "Y", "Z"],
    true,
  ])
  expect([given.maybe("app"), given.has("app"), given.several("app")]).toEqual([undefined, false, []])
})

test.each([
  [[], "--name NAME is missing: its name."],
  [["--name"], "argument missing"],
  [["--name", "a", "--nmae", "b"], "Unknown option '--nmae'"],
  [["--name", "a", "b"], "Unexpected argument 'b'"],
  [["--name", "a", "--name", "b"], "--name was given 2 times"],
  [["--name", "a", "--first=yes"], "--first"],
])("%j is not understood, and it is said why", (args, words) => {
  expect(() => readOptions(args, options)).toThrow(UsageError)
  expect(() => readOptions(args, options)).toThrow(words)
})

test("a name cannot move the cursor of the terminal it is printed on", () => {
  expect(table(["NAME"], [["a\u001b[2Jb\nc"]])).toBe("NAME\na\uFFFD[2Jb\uFFFDc")
})
