import { copying } from "./fetch-body"
import type { KeptBody } from "./kept-body"

/**
 * Lets the body of a request pass through a copy when the application reads it. The request stays the same object: only the members by
 * which a body is read are replaced, on it alone. It is not cloned, because a clone that nobody reads keeps all of the body in memory.
 */
export function watchRequest(request: Request, body: KeptBody): void {
  const source = request.body
  if (source === null || request.bodyUsed) return
  const read = request.arrayBuffer.bind(request)
  const bytes = async () => {
    const all = new Uint8Array(await read())
    body.take(all)
    body.isEnded = true
    return all
  }
  const type = request.headers.get("content-type") ?? ""
  const text = async () => new TextDecoder().decode(await bytes())
  const members: Readonly<Record<string, () => Promise<unknown>>> = {
    bytes,
    text,
    arrayBuffer: async () => (await bytes()).buffer,
    blob: async () => new Blob([await bytes()], { type }),
    json: async () => JSON.parse(await text()),
    formData: async () => new Response(await bytes(), { headers: { "content-type": type } }).formData(),
  }
  for (const [name, value] of Object.entries(members))
    Object.defineProperty(request, name, { configurable: true, writable: true, value })
  let stream: ReadableStream<Uint8Array> | null = null
  Object.defineProperty(request, "body", {
    configurable: true,
    get: () => {
      stream ??= copying(() => source, body)
      return stream
    },
  })
}
