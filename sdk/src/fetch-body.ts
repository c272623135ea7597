import type { KeptBody } from "./kept-body"

/** How reading a stream ended. */
export type Ending = "read" | "cancelled" | "failed"

/**
 * Returns a stream of the same chunks that copies their first bytes. Nothing is read before somebody reads, and never ahead: the source
 * sees the reader as it would without this.
 */
export function copying(
  source: () => ReadableStream<Uint8Array>,
  body: KeptBody,
  ended: (how: Ending) => void = () => undefined,
): ReadableStream<Uint8Array> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          reader ??= source().getReader()
          const { done, value } = await reader.read()
          if (!done) {
            body.takeAny(value, undefined)
            controller.enqueue(value)
            return
          }
          body.isEnded = true
          controller.close()
          ended("read")
        } catch (error) {
          controller.error(error)
          ended("failed")
        }
      },
      async cancel(reason) {
        ended("cancelled")
        await (reader === null ? source().cancel(reason) : reader.cancel(reason))
      },
    },
    { highWaterMark: 0 },
  )
}
