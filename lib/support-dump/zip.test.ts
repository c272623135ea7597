import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import { setImmediate as turn } from "node:timers/promises"
import { describe, expect, test } from "vitest"
import { unzip } from "@/test/unzip"
import { type ArchiveFile, type WrittenFile, zipArchive } from "./zip"

const last = { name: "manifest.json", text: (written: readonly WrittenFile[]) => JSON.stringify(written) }
const at = new Date("2026-11-30T08:00:00Z")

async function* endless(state: { made: number; isEnded: boolean }) {
  try {
    for (;;) {
      state.made++
      yield randomBytes(64 * 1024)
      await turn()
    }
  } finally {
    state.isEnded = true
  }
}

describe("an archive", () => {
  test("has every file as it was produced, and last a list of them with their sums", async () => {
    const files: readonly ArchiveFile[] = [
      { name: "a.txt", content: () => ["ä", "", "b\n"] },
      { name: "empty.log", content: () => [] },
      { name: "bytes.bin", content: () => [new Uint8Array([0, 255, 10])] },
    ]
    const found = await unzip(zipArchive({ files, last, at }))
    expect([...found.keys()]).toEqual(["a.txt", "empty.log", "bytes.bin", "manifest.json"])
    expect(found.get("a.txt")?.toString()).toBe("äb\n")
    const listed: readonly WrittenFile[] = JSON.parse(String(found.get("manifest.json")))
    expect(listed.map(({ name }) => name)).toEqual(["a.txt", "empty.log", "bytes.bin"])
    for (const { name, bytes, sha256 } of listed) {
      const content = found.get(name) ?? Buffer.alloc(0)
      expect([bytes, sha256]).toEqual([content.length, createHash("sha256").update(content).digest("hex")])
    }
  })

  test("is made no faster than it is read, and its contents end when its reader stops", async () => {
    const state = { made: 0, isEnded: false }
    const archive = zipArchive({ files: [{ name: "endless", content: () => endless(state) }], last, at })
    await once(archive, "readable")
    for (let turns = 0; turns < 4_000; turns++) await turn()
    expect(state.made).toBeLessThan(100)
    archive.destroy()
    await once(archive, "close")
    for (let turns = 0; turns < 50 && !state.isEnded; turns++) await turn()
    expect(state.isEnded).toBe(true)
  })

  test("fails when one of its contents fails, rather than end early", async () => {
    const broken = async function* () {
      yield "the beginning"
      throw new Error("the disk is gone")
    }
    const archive = zipArchive({ files: [{ name: "broken", content: broken }], last, at })
    await expect(unzip(archive)).rejects.toThrow("the disk is gone")
  })
})
