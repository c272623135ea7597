import { log } from "@/lib/log"
import { isRefusal } from "@/lib/operations/core/as-of-now"
import { type EventExport, exportPatienceMs, NotTaken } from "@/lib/operations/events/export"
import { answerHeaders } from "./headers"
import type { Incoming } from "./route"

/**
 * Returns the export as a file that is generated while it is read: memory stays flat, and the work stops when the reader
 * disconnects, or reads nothing for `exportPatienceMs`.
 */
export function answerDownload(file: EventExport, { caller, request }: Incoming): Response {
  const { requestId } = caller
  const abort = new AbortController()
  const chunks = file.chunks(AbortSignal.any([abort.signal, request.signal]))
  let isLeft = false
  let patience: NodeJS.Timeout | undefined
  /** The generator waits where it yielded its last chunk: this error is thrown there. */
  const giveUp = (controller: ReadableStreamDefaultController) => {
    const error = new NotTaken()
    log.info("export.not_taken", { requestId })
    controller.error(error)
    chunks.throw(error).catch(thrown => {
      if (thrown !== error) log.error("export.end_not_recorded", { requestId, error: thrown })
    })
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(patience)
        try {
          const { done, value } = await chunks.next()
          if (done) return controller.close()
          controller.enqueue(bytesOf(value))
          if (!isLeft) patience = setTimeout(giveUp, exportPatienceMs, controller)
        } catch (error) {
          // The status was sent long ago: breaking the connection is the only way left to tell the reader.
          if (isRefusal(error)) log.info("export.refused", { requestId, code: error.code })
          else if (!request.signal.aborted && !isLeft) log.error("export.broke_off", { requestId, error })
          controller.error(error)
        }
      },
      async cancel() {
        isLeft = true
        clearTimeout(patience)
        abort.abort()
        // The reader has gone, so only the log can report that the end of the export could not be recorded.
        await chunks
          .return(undefined)
          .catch(error => log.error("export.end_not_recorded", { requestId, error }))
      },
    },
    // One chunk ahead of the reader and no more.
    { highWaterMark: 1 },
  )
  const headers = answerHeaders(file.contentType, requestId, {
    "content-disposition": `attachment; filename="${file.fileName}"`,
  })
  return new Response(stream, { headers })
}

const beyondAscii = /[^\0-\x7f]/

/** Returns the text in UTF-8. Of ASCII alone, as most chunks are, each character is its byte: that is copied, which costs a third less. */
export function bytesOf(text: string): Uint8Array {
  return beyondAscii.test(text) ? Buffer.from(text, "utf8") : Buffer.from(text, "latin1")
}
