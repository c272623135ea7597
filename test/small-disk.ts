import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

/** A file system of its own, small enough to be filled. */
export interface SmallDisk {
  readonly folder: string
  /** Writes until no more than the bytes are free. */
  fill(freeBytes?: number): void
  /** Deletes what `fill` wrote. */
  free(): void
  /** Nothing on it may be open. */
  unmount(): void
}

/** Returns a mounted file system of that size, or null where this account may not mount one; then it prints what is skipped. */
export function mountSmallDisk(mebibytes: number, skipped: string): SmallDisk | null {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-disk-"))
  const mount = ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=1777`, "tmpfs", folder]
  if (process.platform !== "linux" || spawnSync("mount", mount).status !== 0) {
    fs.rmdirSync(folder)
    process.stderr.write(`A small file system cannot be mounted by this account: ${skipped} is skipped.\n`)
    return null
  }
  const ballast = path.join(folder, "ballast")
  return {
    folder,
    fill(freeBytes = 0) {
      const file = fs.openSync(ballast, "a")
      for (const bytes of [1024 * 1024, 4096]) fillWith(file, Buffer.alloc(bytes))
      if (freeBytes > 0) fs.ftruncateSync(file, fs.fstatSync(file).size - freeBytes)
      fs.closeSync(file)
    },
    free: () => fs.rmSync(ballast, { force: true }),
    unmount() {
      spawnSync("umount", ["--lazy", folder])
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

function fillWith(file: number, piece: Buffer): void {
  try {
    for (;;) fs.writeSync(file, piece)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error
  }
}
