// @ts-check
// Skips work while its inputs are unchanged.
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"

/**
 * Returns a hash of the names and contents of the files and folders, equal exactly when nothing that counts differs.
 * @param {string} root
 * @param {readonly string[]} entries files and folders under the root; an absent one counts as absent
 * @param {(relative: string) => boolean} [counts] says whether a file or folder counts
 */
export function fingerprint(root, entries, counts = () => true) {
  const hash = createHash("sha256")
  const add = (/** @type {string} */ relative) => {
    if (!counts(relative)) return
    const full = path.join(root, relative)
    const stat = fs.statSync(full, { throwIfNoEntry: false })
    if (stat === undefined) return
    if (stat.isDirectory()) {
      for (const name of fs.readdirSync(full).sort()) add(path.posix.join(relative, name))
      return
    }
    const content = fs.readFileSync(full)
    hash.update(`${relative}\0${content.byteLength}\0`).update(content)
  }
  for (const entry of entries) add(entry)
  return hash.digest("hex")
}

/**
 * Returns whether the stamp was written for this key, by work that succeeded.
 * @param {string} file
 * @param {string} key
 */
export function isStamped(file, key) {
  try {
    return fs.readFileSync(file, "utf8") === key
  } catch {
    return false
  }
}

/**
 * Runs the work; the stamp is removed before it and written only after it succeeded.
 * @param {string} file
 * @param {string} key
 * @param {() => Promise<void>} work
 */
export async function stamped(file, key, work) {
  fs.rmSync(file, { force: true })
  await work()
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  fs.writeFileSync(draft, key)
  fs.renameSync(draft, file)
}
