// @ts-check
// For the launcher's drill: whether the web process of a console serves gRPC.
import { Client, credentials, Metadata } from "@grpc/grpc-js"

/**
 * Throws an Error unless a search without a key is answered with a refusal on this port.
 * @param {number} port
 */
export async function servesGrpc(port) {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure())
  const same = (/** @type {Buffer} */ bytes) => bytes
  try {
    /** @type {Buffer} */
    const answer = await new Promise((resolve, reject) => {
      const done = (/** @type {Error | null} */ error, /** @type {Buffer | undefined} */ bytes) =>
        error || !bytes ? reject(error ?? new Error("There was no answer.")) : resolve(bytes)
      const path = "/clarifai.api.V2/PostAuditLogSearches"
      client.makeUnaryRequest(
        path,
        same,
        same,
        Buffer.alloc(0),
        new Metadata(),
        { deadline: Date.now() + 30_000 },
        done,
      )
    })
    if (!answer.includes("API key"))
      throw new Error(`The answer says something else: ${answer.toString("hex")}.`)
  } finally {
    client.close()
  }
}
