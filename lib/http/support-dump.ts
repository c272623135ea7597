import type { Readable } from "node:stream"
import { log } from "@/lib/log"
import type { SupportDump } from "@/lib/operations/support-dump/support-dump"
import { answerHeaders } from "./headers"
import type { Incoming } from "./route"

/** Returns the dump as a file that is produced while it is read; the work stops when its reader disconnects. */
export function answerSupportDump(dump: SupportDump, { caller, request }: Incoming): Response {
  const { requestId } = caller
  const archive = dump.open()
  request.signal.addEventListener("abort", () => archive.destroy(), { once: true })
  const headers = answerHeaders(dump.contentType, requestId, {
    "content-disposition": `attachment; filename="${dump.fileName}"`,
  })
  return new Response(bodyOf(archive, requestId), { headers })
}

function bodyOf(archive: Readable, requestId: string): ReadableStream<Uint8Array> {
  const chunks = archive.iterator()
  let isLeft = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          // The status was sent long ago: breaking the connection is the only way left to tell the reader.
          if (!isLeft) log.error("support_dump.broke_off", { requestId, error })
          controller.error(error)
        }
      },
      cancel() {
        isLeft = true
        archive.destroy()
      },
    },
    { highWaterMark: 1 },
  )
}
