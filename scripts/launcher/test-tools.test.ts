import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import os from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { installTools, missingTools, testTools, whyNotInstalled } from "./test-tools.mjs"

let folder: string
let policy: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "auditorium-tools-"))
  policy = path.join(folder, "policy-rc.d")
})
afterEach(() => rmSync(folder, { recursive: true }))

function tool(packages: readonly (readonly string[])[]) {
  return { name: "x", isThere: () => false, packages, isServer: true, advice: "" }
}

/** An apt-get that knows these packages and, when `isOffline`, cannot renew its lists. */
function aptGet(known: readonly string[], isOffline = false) {
  const installed: string[] = []
  const policies: string[] = []
  const run = async (_: string, args: readonly string[]) => {
    if (args.includes("update") && isOffline) throw new Error("no network")
    if (!args.includes("install")) return
    policies.push(existsSync(policy) ? readFileSync(policy, "utf8") : "none")
    const names = args.slice(args.indexOf("DPkg::Lock::Timeout=300") + 1)
    for (const name of names) if (!known.includes(name)) throw new Error(`Unable to locate package ${name}`)
    installed.push(...names)
  }
  return { run, installed, policies }
}

describe("what the tests need beside npm's packages", () => {
  it("is listed, each with its own package and with what is left out without it", () => {
    const names = testTools.flatMap(({ packages }) => packages.map(([first]) => first))
    expect(new Set(names).size).toBe(names.length)
    for (const { advice } of testTools) expect(advice).toMatch(/Debian/)
  })

  it("is not installed again where it is", () => {
    expect(missingTools([tool([["x"]]), { ...tool([["y"]]), isThere: () => true }])).toHaveLength(1)
  })

  it("is installed under the first name that Debian knows; what cannot be installed holds nothing else up", async () => {
    const { run, installed } = aptGet(["new", "fonts", "server"], true)
    const tools = [
      tool([["unknown"]]),
      tool([
        ["old", "fonts"],
        ["new", "fonts"],
      ]),
      tool([["server"]]),
    ]
    expect(await installTools(tools, run, policy)).toEqual(["Unable to locate package unknown"])
    expect(installed).toEqual(["new", "fonts", "server"])
  })

  it("is installed without starting a service, and Debian's answer to that question is afterwards as before", async () => {
    const { run, policies } = aptGet(["server"])
    await installTools([tool([["server"]]), tool([["unknown"]])], run, policy)
    expect(policies).toEqual(Array(2).fill("#!/bin/sh\nexit 101\n"))
    expect(existsSync(policy)).toBe(false)
  })

  it("is not installed by others than root", () => {
    if (process.getuid?.() !== 0) expect(whyNotInstalled({ isServer: false })).toContain("root")
    else expect(whyNotInstalled({ isServer: false }) ?? "").not.toContain("root")
  })
})
