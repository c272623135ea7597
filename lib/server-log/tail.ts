import { type FileHandle, open } from "node:fs/promises"
import { createInterface } from "node:readline"
import { logFilePaths } from "./log-file"

/**
 * Yields the last lines of a kept log, in their order and without their line breaks: as many as fit into that many bytes. None
 * when the log does not exist.
 */
export async function* lastLines(
  directory: string,
  name: string,
  maximumBytes: number,
): AsyncGenerator<string> {
  const files = await openBoth(directory, name)
  try {
    let skipped = Math.max(0, files.reduce((sum, { size }) => sum + size, 0) - maximumBytes)
    for (const { handle, size } of files) {
      const start = Math.min(size, skipped)
      skipped -= start
      if (start < size) yield* linesFrom(handle, start, size)
    }
  } finally {
    for (const { handle } of files) await handle.close()
  }
}

interface OpenFile {
  readonly handle: FileHandle
  readonly size: number
}

/** Opened at the same time, so that a file that is set aside meanwhile is read to its end all the same. */
async function openBoth(directory: string, name: string): Promise<readonly OpenFile[]> {
  const [older, current] = logFilePaths(directory, name)
  const last = await openIfThere(current)
  const first = await openIfThere(older)
  const found: OpenFile[] = []
  const seen = new Set<number>()
  // Set aside between the two: then both are the same file.
  for (const handle of [last, first]) {
    if (!handle) continue
    const { size, ino } = await handle.stat()
    if (seen.has(ino)) await handle.close()
    else found.unshift({ handle, size })
    seen.add(ino)
  }
  return found
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, "r")
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null
    throw error
  }
}

/** Lines that are written meanwhile are left for the next time. */
async function* linesFrom(handle: FileHandle, start: number, end: number): AsyncGenerator<string> {
  // From one byte before: a line break there means that the first line is whole.
  const from = Math.max(0, start - 1)
  const input = handle.createReadStream({ start: from, end: end - 1, encoding: "utf8", autoClose: false })
  let isFirst = true
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const isPart = isFirst && start > 0
    isFirst = false
    if (!isPart && line !== "") yield line
  }
}
