// The same in the style of fetch.
export const slow = { waits: 0, faults: 0 }

export const byFetch = {
  stream() {
    const chunk = new Uint8Array(64 * 1024).fill(120)
    let sent = 0
    const body = new ReadableStream(
      {
        pull(controller) {
          // With nobody reading, more than what is asked for would be made.
          if (controller.desiredSize > 1) slow.faults++
          slow.waits++
          controller.enqueue(chunk)
          if (++sent === 128) controller.close()
        },
      },
      { highWaterMark: 1 },
    )
    return new Response(body, { headers: { "content-type": "application/octet-stream" } })
  },
  pieces() {
    const parts = ['{"first":1,', '"second":2,', '"last":3}'].map(part => new TextEncoder().encode(part))
    const body = new ReadableStream({
      pull(controller) {
        const part = parts.shift()
        if (part === undefined) controller.close()
        else controller.enqueue(part)
      },
    })
    return new Response(body, { headers: { "content-type": "application/json", "x-piece": "yes" } })
  },
}
