// @ts-check
// One process at a time: a file that names its holder, and is free again when the holder has ended in any way.
import * as fs from "node:fs"
import * as path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** @typedef {{ readonly pid: number, readonly began: string | null }} Holder */
/** @typedef {{ readonly release: () => void }} Lock */

/**
 * Returns the lock, or the running process that holds it.
 * @param {string} file
 * @returns {Lock | { readonly heldBy: number }}
 */
export function tryLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const own = JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) })
  // Written under another name and linked, so that nobody ever reads half a line.
  const draft = `${file}.${process.pid}`
  fs.writeFileSync(draft, own, { mode: 0o600 })
  try {
    for (;;) {
      try {
        fs.linkSync(draft, file)
        return { release: () => removeIfOurs(file, own) }
      } catch (error) {
        if (codeOf(error) !== "EEXIST") throw error
      }
      const holder = readHolder(file)
      if (holder !== null && isAlive(holder)) return { heldBy: holder.pid }
      removeAbandoned(file, holder)
    }
  } finally {
    fs.rmSync(draft, { force: true })
  }
}

/**
 * Returns the lock, after waiting for its holder; `waiting` is called once with the holder's process id.
 * @param {string} file
 * @param {(pid: number) => void} waiting
 * @returns {Promise<Lock>}
 */
export async function waitForLock(file, waiting) {
  for (let said = false; ; said = true) {
    const lock = tryLock(file)
    if ("release" in lock) return lock
    if (!said) waiting(lock.heldBy)
    await sleep(200)
  }
}

/**
 * Returns whether the process runs; false for a zombie.
 * @param {number} pid
 */
export function isRunning(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) !== "EPERM") return false
  }
  return beginningOf(pid) !== "ended"
}

/** @param {Holder} holder */
function isAlive({ pid, began }) {
  if (!isRunning(pid)) return false
  // Process ids are reused, in a container almost at once: the same id with another start time is another process.
  const now = beginningOf(pid)
  return began === null || now === null || now === began
}

/**
 * Returns what distinguishes this process from a later one with the same id, null where the system does not provide it.
 * @param {number} pid
 */
export function beginningOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "latin1")
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
    const ended = fields[0] === "Z" || fields[0] === "X"
    const boot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()
    return ended ? "ended" : `${boot}:${fields[19]}`
  } catch {
    return null
  }
}

/**
 * @param {string} file
 * @returns {Holder | null}
 */
function readHolder(file) {
  try {
    const { pid, began } = JSON.parse(fs.readFileSync(file, "utf8"))
    return Number.isInteger(pid) && pid > 0 ? { pid, began: typeof began === "string" ? began : null } : null
  } catch {
    return null
  }
}

/**
 * Removes the file by a rename, so that of two processes that find it abandoned only one removes it and neither removes a
 * new one.
 * @param {string} file
 * @param {Holder | null} seen
 */
function removeAbandoned(file, seen) {
  const aside = `${file}.abandoned-${process.pid}`
  try {
    fs.renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === "ENOENT") return
    throw error
  }
  const taken = readHolder(aside)
  const isOther = taken !== null && (taken.pid !== seen?.pid || taken.began !== seen.began)
  if (isOther && isAlive(taken)) {
    try {
      fs.linkSync(aside, file)
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error
    }
  }
  fs.rmSync(aside, { force: true })
}

/**
 * @param {string} file
 * @param {string} own
 */
function removeIfOurs(file, own) {
  try {
    if (fs.readFileSync(file, "utf8") === own) fs.rmSync(file)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined
}
