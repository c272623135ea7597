import { log } from "@/lib/log"
import { isRefusal } from "@/lib/operations/as-of-now"
import type { EventExport } from "@/lib/operations/events/event-export"
import { answerHeaders } from "./headers"
import type { Incoming } from "./route"

/** Promise: the export as a file, made while it is read: memory stays flat, and a reader who goes away stops the work. */
export function answerDownload(file: EventExport, { caller, request }: Incoming): Response {
  const abort = new AbortController()
  const signal = AbortSignal.any([abort.signal, request.signal])
  const chunks = file.chunks(signal)[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (done) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          // The status is long sent: breaking the connection is the only way left to tell the reader.
          if (isRefusal(error)) log.info("export.refused", { requestId: caller.requestId, code: error.code })
          else if (!signal.aborted) log.error("export.broke_off", { requestId: caller.requestId, error })
          controller.error(error)
        }
      },
      async cancel() {
        abort.abort()
        // The reader is gone, so nobody but the log can be told that the end of the export could not be recorded.
        await chunks
          .return?.()
          .catch(error => log.error("export.end_not_recorded", { requestId: caller.requestId, error }))
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
