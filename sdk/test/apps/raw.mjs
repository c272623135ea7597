// What the applications of the tests do on the request and response of Node, where the faults of other middlewares show.
import { setTimeout as wait } from "node:timers/promises"

/** Answers 8 MB as fast as the receiver takes them, and says how often it was told to wait. */
export async function stream(response, slow) {
  const chunk = Buffer.alloc(64 * 1024, "x")
  response.writeHead(200, { "content-type": "application/octet-stream" })
  for (let sent = 0; sent < 128; sent++) {
    const mayGoOn = response.write(chunk)
    if (mayGoOn !== true && mayGoOn !== false) slow.faults++
    if (mayGoOn === true) continue
    slow.waits++
    await new Promise(resolve => response.once("drain", resolve))
  }
  response.end()
}

/** Answers in several pieces, of which the last comes with the end. */
export function pieces(response) {
  response.writeHead(200, { "content-type": "application/json", "x-piece": "yes" })
  response.write('{"first":1,')
  response.write(Buffer.from('"second":2,'))
  response.end('"last":3}')
}

/** Reads the body long after it came. */
export async function late(request) {
  await wait(50)
  let bytes = 0
  for await (const chunk of request) bytes += chunk.length
  return bytes
}

export const callerOf = request => {
  const who = request.headers["x-who"]
  if (who === "throws") throw new Error("no session store")
  if (who === "rejects") return Promise.reject(new Error("no session store"))
  return who === undefined ? null : { type: "user", id: who }
}

/** Says to the test where the application is. */
export function listening(server) {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`)
}
