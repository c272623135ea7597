import { expect, it } from "vitest"
import { clearml } from "@/lib/formats/write/clearml"
import { entryLine } from "@/lib/formats/write/entry-line"
import { acme, recordedEvent } from "@/test/sinks/batch"
import { isDocumented } from "./raw-log.mjs"

it("an entry of the format clearml is a line as ClearML documents it, and nothing else is", () => {
  const event = recordedEvent(acme, 1, {
    http: {
      method: "GET",
      path: "/api/v1/key",
      status: 200,
      durationMs: 1.5,
      requestBytes: 0,
      responseBytes: 9,
    },
    metadata: { call: { endpoint: "/api/v1/key", profile: "generic" } },
  })
  const line = entryLine(
    clearml.write(event, { organization: acme, app: null, baseUrl: "http://127.0.0.1:3000" }),
  )
  expect(isDocumented(line)).toBe(true)
  const entry = JSON.parse(line)
  const { ip, ...rest } = entry
  const others = [
    "",
    "  - starting the database ...",
    '{"time":"2026-01-01T00:00:00.000Z","level":"info","event":"worker.started"}',
    `${line} `,
    JSON.stringify({ ...entry, version: "2.31" }),
    JSON.stringify({ ...rest, ip }),
    JSON.stringify({ ...entry, auth: {} }),
    JSON.stringify({ ...entry, result: { msg: "OK", code: 200 } }),
    "null",
  ]
  for (const other of others) expect(isDocumented(other), other).toBe(false)
})
