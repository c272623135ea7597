import { createHash } from "node:crypto"
import { Readable } from "node:stream"
import { ZipFile } from "yazl"

/** A file of an archive. Its content is produced while the archive is read. */
export interface ArchiveFile {
  readonly name: string
  readonly content: () => AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>
}

/** A file that has been written. */
export interface WrittenFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

interface Archive {
  readonly files: readonly ArchiveFile[]
  /** The last file, about those before it. */
  readonly last: { readonly name: string; readonly text: (written: readonly WrittenFile[]) => string }
  readonly at: Date
}

/**
 * Returns a zip file that is made while it is read: one file after the other, with memory that does not depend on their sizes.
 * It fails when one of the contents does. A reader that stops destroys it, which ends the content that is being produced.
 */
export function zipArchive({ files, last, at }: Archive): Readable {
  const zip = new ZipFile()
  const output = zip.outputStream
  if (!(output instanceof Readable)) throw new Error("The archive cannot be read.")
  const written: WrittenFile[] = []
  let current: Readable | null = null
  const add = (name: string, open: () => Readable) => {
    zip.addReadStreamLazy(name, { mtime: at, mode: 0o100600 }, give => {
      current = open()
      // The archive does not watch what it reads.
      current.once("error", error => output.destroy(error))
      give(null, current)
    })
  }
  for (const { name, content } of files) {
    add(name, () => Readable.from(hashed(content(), sum => written.push({ name, ...sum }))))
  }
  add(last.name, () => Readable.from([Buffer.from(last.text(written))]))
  zip.once("error", error => output.destroy(error))
  output.once("close", () => current?.destroy())
  zip.end()
  return output
}

async function* hashed(
  content: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  onEnd: (sum: Omit<WrittenFile, "name">) => void,
): AsyncGenerator<Buffer> {
  const hash = createHash("sha256")
  let bytes = 0
  for await (const part of content) {
    const chunk = Buffer.from(part)
    if (chunk.length === 0) continue
    hash.update(chunk)
    bytes += chunk.length
    yield chunk
  }
  onEnd({ bytes, sha256: hash.digest("hex") })
}
