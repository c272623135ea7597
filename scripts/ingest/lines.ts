import { createReadStream } from "node:fs"
import { pipeline, type Readable } from "node:stream"
import { createGunzip } from "node:zlib"

/** A longer line is no event: reading it whole would only fill the memory. */
const longestLineBytes = 16 * 1024 * 1024

export interface Line {
  /** 1 for the first. */
  readonly number: number
  /** Null for a line that is too long to be read. */
  readonly bytes: Buffer | null
}

/** Promise: the bytes of a file, unpacked when its name ends in .gz. */
export function openFile(path: string, onRead: (bytes: number) => void = () => undefined): Readable {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 })
  file.on("data", chunk => onRead(chunk.length))
  if (!path.endsWith(".gz")) return file
  // Closes both when either ends; an error comes out where the lines are read.
  return pipeline(file, createGunzip(), () => undefined)
}

/** Promise: the lines of a stream without their line feed, one at a time; the memory holds one line and one chunk. */
export async function* splitLines(stream: AsyncIterable<Buffer>): AsyncIterable<Line> {
  let number = 0
  let pieces: Buffer[] = []
  let pieceBytes = 0
  const take = (): Line => {
    number++
    const bytes = pieceBytes > longestLineBytes ? null : Buffer.concat(pieces)
    pieces = []
    pieceBytes = 0
    return { number, bytes }
  }
  const add = (piece: Buffer) => {
    pieceBytes += piece.length
    if (pieceBytes <= longestLineBytes) pieces.push(piece)
    else pieces = []
  }
  for await (const chunk of stream) {
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    add(chunk.subarray(start))
  }
  if (pieceBytes > 0) yield take()
}
