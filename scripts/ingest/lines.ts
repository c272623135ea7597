/** A longer line is no event: reading it whole would only fill the memory. */
const longestLineBytes = 16 * 1024 * 1024

export interface Line {
  /** 1 for the first. */
  readonly number: number
  /** Null for a line that is too long to be read. */
  readonly bytes: Buffer | null
  /** What stopped the reading within this line, which is the last: then its bytes are what came before that. */
  readonly brokenBy?: string
}

/**
 * Returns the lines of a stream without their line feed, one at a time; the memory holds one line and one chunk. A stream that
 * breaks ends with the line it broke in.
 */
export async function* splitLines(
  stream: AsyncIterable<Buffer>,
  longestBytes = longestLineBytes,
): AsyncGenerator<Line> {
  let number = 0
  let pieces: Buffer[] = []
  let pieceBytes = 0
  const take = (): Line => {
    number++
    const bytes = pieceBytes > longestBytes ? null : Buffer.concat(pieces)
    pieces = []
    pieceBytes = 0
    return { number, bytes }
  }
  const add = (piece: Buffer) => {
    pieceBytes += piece.length
    if (pieceBytes <= longestBytes) pieces.push(piece)
    else pieces = []
  }
  const chunks = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => ({ brokenBy: messageOf(error) }))
      if ("brokenBy" in next) return void (yield { ...take(), brokenBy: next.brokenBy })
      if (next.done) break
      let start = 0
      const chunk: Buffer = next.value
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        add(chunk.subarray(start, end))
        yield take()
        start = end + 1
      }
      add(chunk.subarray(start))
    }
    if (pieceBytes > 0) yield take()
  } finally {
    await chunks.return?.()
  }
}

/** Only what the file system, the unpacking or the decoding says; anything else is a fault of this program. */
function messageOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.message
  throw error
}
