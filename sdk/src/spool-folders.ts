import * as fs from "node:fs"
import * as path from "node:path"

/** Each process writes into a folder of its own. Its name says which process, so that others can tell when it has ended. */
export interface Owner {
  readonly host: string
  readonly pid: number
  readonly nonce: string
}

/** Of another machine that shares the directory nothing is known but when it last touched its folder. */
const silentMs = 60_000

export function folderOf({ host, pid, nonce }: Owner): string {
  return `${host.replace(/[^\w.-]/g, "_")}+${pid}+${nonce}`
}

const folderName = /^([\w.-]+)\+(\d+)\+([0-9a-f]{12})(?:~\d+)?$/

/** Returns the folders whose processes have ended, and the bytes that processes which run keep beside us. */
export async function findOrphans(
  directory: string,
  self: Owner,
): Promise<{ readonly orphans: readonly string[]; readonly bytesOfOthers: number }> {
  const orphans: string[] = []
  let bytesOfOthers = 0
  for (const entry of await fs.promises.readdir(directory, { withFileTypes: true })) {
    const [, host, pid, nonce] = folderName.exec(entry.name) ?? []
    if (!entry.isDirectory() || nonce === undefined || nonce === self.nonce) continue
    const folder = path.join(directory, entry.name)
    if (await isInUse(folder, { host: host ?? "", pid: Number(pid), nonce }, self)) {
      bytesOfOthers += await bytesIn(folder)
    } else orphans.push(entry.name)
  }
  return { orphans: orphans.sort(), bytesOfOthers }
}

async function isInUse(folder: string, owner: Owner, self: Owner): Promise<boolean> {
  const isHere = owner.host === folderOf(self).split("+")[0]
  // Another process of an earlier time had our number: a container always begins with the same one.
  if (isHere && (owner.pid === self.pid || !isRunning(owner.pid))) return false
  const found = await fs.promises.stat(folder).catch(() => null)
  return found === null || Date.now() - found.mtimeMs < silentMs
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await fs.promises.readdir(folder).catch(() => []))
    bytes += (await fs.promises.stat(path.join(folder, name)).catch(() => null))?.size ?? 0
  return bytes
}

/** Returns false when the folder is not there any more. */
export async function rename(from: string, to: string): Promise<boolean> {
  try {
    await fs.promises.rename(from, to)
    return true
  } catch {
    return false
  }
}
