import type { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import { fromBufferPromise } from "yauzl"

/** Returns the files of a zip archive by their names, in its order. Throws for an archive that is not whole. */
export async function unzip(archive: Readable | Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const whole = archive instanceof Uint8Array ? Buffer.from(archive) : await buffer(archive)
  const zip = await fromBufferPromise(whole)
  const files = new Map<string, Buffer>()
  for await (const entry of zip.eachEntry())
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)))
  return files
}
