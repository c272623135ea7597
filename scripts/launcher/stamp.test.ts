import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { fingerprint, isStamped, stamped } from "./stamp.mjs"

let root = ""
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "stamp-test-"))
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

function write(relative: string, text: string) {
  const file = path.join(root, relative)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}

describe("the fingerprint", () => {
  it("changes with every content and every name, also deep inside, and with nothing else", () => {
    write("a/b/c.txt", "1")
    write("a/d.txt", "2")
    const seen = [fingerprint(root, ["a", "absent"])]
    write("a/b/c.txt", "3")
    seen.push(fingerprint(root, ["a", "absent"]))
    fs.renameSync(path.join(root, "a/d.txt"), path.join(root, "a/e.txt"))
    seen.push(fingerprint(root, ["a", "absent"]))
    write("absent", "here now")
    seen.push(fingerprint(root, ["a", "absent"]))
    expect(new Set(seen).size).toBe(4)
    write("elsewhere.txt", "4")
    fs.utimesSync(path.join(root, "a/e.txt"), 1, 1)
    expect(fingerprint(root, ["a", "absent"])).toBe(seen.at(-1))
  })

  it("cannot be fooled by moving text from one file to the next", () => {
    write("a/1", "xy")
    write("a/2", "z")
    const before = fingerprint(root, ["a"])
    write("a/1", "x")
    write("a/2", "yz")
    expect(fingerprint(root, ["a"])).not.toBe(before)
  })

  it("leaves out what does not count", () => {
    write("a/x.ts", "1")
    const before = fingerprint(root, ["a"], relative => !relative.endsWith(".test.ts"))
    write("a/x.test.ts", "2")
    expect(fingerprint(root, ["a"], relative => !relative.endsWith(".test.ts"))).toBe(before)
  })
})

describe("the stamp", () => {
  it("stands only after work that ended well", async () => {
    const file = path.join(root, "deep", "stamp")
    expect(isStamped(file, "k1")).toBe(false)
    await stamped(file, "k1", async () => expect(isStamped(file, "k1")).toBe(false))
    expect(isStamped(file, "k1")).toBe(true)
    expect(isStamped(file, "k2")).toBe(false)
    const broken = stamped(file, "k2", async () => {
      expect(fs.existsSync(file)).toBe(false)
      throw new Error("interrupted")
    })
    await expect(broken).rejects.toThrow("interrupted")
    expect(isStamped(file, "k1")).toBe(false)
    expect(isStamped(file, "k2")).toBe(false)
  })
})
