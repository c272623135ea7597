import { createReadStream } from "node:fs"
import { open } from "node:fs/promises"
import { createGunzip } from "node:zlib"

const readBytes = 256 * 1024
/** So much compressed data is unpacked at a time, which may become a thousand times as much. */
const stepBytes = 16 * 1024

/**
 * Returns the bytes of a file as UTF-8: unpacked when they are gzip, whatever the file is called, and from UTF-16 when they are
 * that. Throws what goes wrong after every byte that could be read before it.
 */
export async function* openFile(
  path: string,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const [first, second] = await beginningOf(path, 2)
  const bytes = readFile(path, onRead)
  yield* asUtf8(first === 0x1f && second === 0x8b ? unpacked(path, bytes) : bytes)
}

async function* readFile(path: string, onRead?: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
    onRead?.(chunk.length)
    yield chunk
  }
}

async function beginningOf(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(bytes), position: 0 })
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function* unpacked(path: string, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacker = new Unpacker()
  let givenBytes = 0
  let doneBytes = 0
  try {
    for await (const step of inSteps(packed)) {
      await unpacker.write(step)
      for (const chunk of unpacker.take()) {
        givenBytes += chunk.length
        yield chunk
      }
      if (unpacker.error !== null) {
        yield* rescued(path, { doneBytes, givenBytes })
        throw unpacker.error
      }
      doneBytes += step.length
    }
    await unpacker.end()
    yield* unpacker.take()
    if (unpacker.error !== null) throw unpacker.error
  } finally {
    unpacker.close()
  }
}

/** The library gives nothing of a step that fails; what stands before the fault in it is unpacked again, a byte at a time. */
async function* rescued(
  path: string,
  { doneBytes, givenBytes }: { readonly doneBytes: number; readonly givenBytes: number },
): AsyncGenerator<Buffer> {
  const unpacker = new Unpacker()
  let readTo = 0
  let skip = givenBytes
  for await (const step of inSteps(readFile(path))) {
    const size = readTo < doneBytes ? step.length : 1
    for (let at = 0; at < step.length && unpacker.error === null; at += size) {
      await unpacker.write(step.subarray(at, at + size))
      for (const chunk of unpacker.take()) {
        if (chunk.length > skip) yield chunk.subarray(skip)
        skip = Math.max(0, skip - chunk.length)
      }
    }
    if (unpacker.error !== null) return
    readTo += step.length
  }
}

async function* inSteps(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += stepBytes) yield chunk.subarray(at, at + stepBytes)
  }
}

/** Gunzip that hands out everything it has unpacked, also when an error follows. */
class Unpacker {
  error: Error | null = null
  private chunks: Buffer[] = []
  private readonly gunzip = createGunzip()

  constructor() {
    this.gunzip.on("data", chunk => this.chunks.push(chunk))
    this.gunzip.on("error", error => {
      this.error ??= error
    })
  }

  write(bytes: Buffer): Promise<void> {
    return this.settled(done => this.gunzip.write(bytes, done))
  }

  end(): Promise<void> {
    return this.settled(done => {
      this.gunzip.once("end", done)
      this.gunzip.end()
    })
  }

  close(): void {
    this.gunzip.destroy()
  }

  take(): readonly Buffer[] {
    const taken = this.chunks
    this.chunks = []
    return taken
  }

  private settled(act: (done: () => void) => void): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        this.gunzip.off("error", done)
        resolve()
      }
      this.gunzip.once("error", done)
      act(done)
    })
  }
}

/** UTF-16 with a byte order mark, or beginning with a bracket, as JSON does. */
function utf16Of([first, second]: Buffer): "utf-16le" | "utf-16be" | null {
  const isBracket = (byte: number | undefined) => byte === 0x7b || byte === 0x5b
  if ((first === 0xff && second === 0xfe) || (isBracket(first) && second === 0)) return "utf-16le"
  if ((first === 0xfe && second === 0xff) || (first === 0 && isBracket(second))) return "utf-16be"
  return null
}

async function* asUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let beginning: Buffer | null = Buffer.alloc(0)
  let decoder: TextDecoder | null = null
  for await (const chunk of chunks) {
    const bytes: Buffer = beginning === null ? chunk : Buffer.concat([beginning, chunk])
    if (beginning !== null && bytes.length < 2) {
      beginning = bytes
      continue
    }
    if (beginning !== null) {
      const encoding = utf16Of(bytes)
      decoder = encoding && new TextDecoder(encoding, { fatal: true })
      beginning = null
    }
    yield decoder === null ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }))
  }
  if (beginning !== null && beginning.length > 0) yield beginning
  // Throws for half a character at the end.
  if (decoder !== null) yield Buffer.from(decoder.decode())
}
