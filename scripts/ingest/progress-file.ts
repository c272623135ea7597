import { createHash } from "node:crypto"
import { open, readFile, rename, rm, writeFile } from "node:fs/promises"
import { z } from "zod"

/** So much of a file's beginning tells it from another file of the same name; it may grow at its end. */
const fingerprintBytes = 64 * 1024

const schema = z.object({
  version: z.literal(1),
  /** Where to: the same file may also go to another server or app. */
  target: z.string(),
  fingerprint: z.object({ bytes: z.number(), sha256: z.string() }),
  records: z.number().int().min(0),
})

export interface Resumable {
  readonly path: string
  readonly stateFile: string
  readonly target: string
}

/**
 * Returns how many records of the file were acknowledged when the command stopped; 0 for another file or target, and
 * without progress.
 */
export async function recordsDone({ path, stateFile, target }: Resumable): Promise<number> {
  const state = schema.safeParse(await readJson(stateFile))
  if (!state.success || state.data.target !== target) return 0
  const { bytes, sha256 } = state.data.fingerprint
  return (await fingerprintOf(path, bytes)).sha256 === sha256 ? state.data.records : 0
}

/** Stores that this many records were acknowledged; a crash cannot damage the file. */
export async function keepProgress({ path, stateFile, target }: Resumable, records: number): Promise<void> {
  const fingerprint = await fingerprintOf(path, fingerprintBytes)
  const state: z.infer<typeof schema> = { version: 1, target, fingerprint, records }
  // Renamed into place: a state file is whole or absent.
  await writeFile(`${stateFile}.new`, `${JSON.stringify(state)}\n`)
  await rename(`${stateFile}.new`, stateFile)
}

/** Deletes the stored progress of a finished file. */
export async function forgetProgress({ stateFile }: Resumable): Promise<void> {
  await rm(stateFile, { force: true })
}

async function readJson(stateFile: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(stateFile, "utf8"))
  } catch {
    // Absent, or not ours: starting at the beginning is always right, as known events are duplicates.
    return null
  }
}

async function fingerprintOf(path: string, bytes: number): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(bytes), position: 0 })
    return {
      bytes: bytesRead,
      sha256: createHash("sha256").update(buffer.subarray(0, bytesRead)).digest("hex"),
    }
  } finally {
    await file.close()
  }
}
