import { answerHeaders } from "@/lib/http/headers"
import type { Incoming } from "@/lib/http/route"
import type { EventExport } from "@/lib/operations/event-export"

/** Promise: the export as a file, made while it is read: memory stays flat, and a reader who goes away stops the work. */
export function answerDownload(file: EventExport, { caller, request }: Incoming): Response {
  const abort = new AbortController()
  const signal = AbortSignal.any([abort.signal, request.signal])
  const chunks = file.chunks(signal)[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        abort.abort()
        await chunks.return?.()
      },
    },
    // One chunk ahead of the reader and no more.
    { highWaterMark: 1 },
  )
  const headers = answerHeaders(file.contentType, caller.requestId, {
    "content-disposition": `attachment; filename="${file.fileName}"`,
  })
  return new Response(stream, { headers })
}
