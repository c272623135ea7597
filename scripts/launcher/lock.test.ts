import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { beginningOf, isRunning, tryLock, waitForLock } from "./lock.mjs"

let folder = ""
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "lock-test-"))
})
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

let made = 0
const newFile = () => path.join(folder, `lock-${made++}`)

function held(lock: ReturnType<typeof tryLock>) {
  if (!("release" in lock)) throw new Error(`held by ${lock.heldBy}`)
  return lock
}

describe("the lock", () => {
  it("has one holder at a time, and is free again after release", () => {
    const file = newFile()
    const lock = held(tryLock(file))
    expect(tryLock(file)).toEqual({ heldBy: process.pid })
    lock.release()
    expect(fs.existsSync(file)).toBe(false)
    held(tryLock(file)).release()
  })

  it("is free when its holder was killed", async () => {
    const file = newFile()
    const module = path.resolve("scripts/launcher/lock.mjs")
    const code = `import { tryLock } from ${JSON.stringify(module)}; tryLock(${JSON.stringify(file)}); console.log("held"); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await new Promise(resolve => child.stdout.once("data", resolve))
    expect(tryLock(file)).toEqual({ heldBy: child.pid })
    child.kill("SIGKILL")
    await new Promise(resolve => child.once("exit", resolve))
    held(tryLock(file)).release()
  })

  it.each(["", "not json", '{"pid":-1}', '{"pid":2147483646,"began":"x"}'])(
    "is free when the file holds %j",
    text => {
      const file = newFile()
      fs.writeFileSync(file, text)
      held(tryLock(file)).release()
    },
  )

  it("is free when the process id belongs to somebody else by now", () => {
    const file = newFile()
    fs.writeFileSync(file, JSON.stringify({ pid: process.pid, began: "another boot:1" }))
    held(tryLock(file)).release()
  })

  it("is waited for, and the wait is said once", async () => {
    const file = newFile()
    const first = held(tryLock(file))
    const said: number[] = []
    const second = waitForLock(file, pid => said.push(pid))
    await sleep(500)
    first.release()
    ;(await second).release()
    expect(said).toEqual([process.pid])
  })

  it("does not remove the lock of another when released late", () => {
    const file = newFile()
    const lock = held(tryLock(file))
    const others = JSON.stringify({ pid: 1, began: beginningOf(1) })
    fs.writeFileSync(file, others)
    lock.release()
    expect(fs.readFileSync(file, "utf8")).toBe(others)
  })

  it("knows a running process from one that has ended and waits for its parent to notice", async () => {
    expect(isRunning(process.pid)).toBe(true)
    expect(isRunning(2147483646)).toBe(false)
    // The shell becomes a sleep, which never reaps the child that it inherited.
    const child = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 5"], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    const pid = await new Promise<number>(resolve =>
      child.stdout.once("data", data => resolve(Number(String(data)))),
    )
    await expect.poll(() => isRunning(pid), { timeout: 30_000 }).toBe(false)
    child.kill()
  })
})
