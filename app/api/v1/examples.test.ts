import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Api, startApi } from "@/app/api/fixtures/api"
import type { Method } from "@/lib/http/methods"
import { endpoints } from "@/lib/operations/openapi/openapi"
import { endpointExamples } from "@/lib/operations/openapi/openapi-examples"

let api: Api
let keys: Readonly<Record<string, string>>
let sink = ""

beforeAll(async () => {
  api = await startApi()
  keys = {
    producer: await api.tenant.makeKey(["LOG-INGESTION"]),
    manager: await api.tenant.makeKey(["LOG-MANAGEMENT", "CAPTURE-MANAGEMENT", "SINK-MANAGEMENT"]),
  }
})
afterAll(() => api.close())

/** The examples that are sent, in an order in which each finds what it needs. */
const order = [
  ...["ingestEvents", "searchEventsByBody", "updateCapturePolicy", "reportCaptureCounts", "updateUcpLogging"],
  ...["createSink", "updateSink", "replaySink", "retryDeadLetters"],
]
/** It connects to the host of the example. */
const notSent = ["testSinkDraft"]

/** What the examples name of their own installation, and what it is in this one. */
const ofInstallation: readonly (readonly [string, string])[] = [
  ['"version":3,', ""],
  [',"version":3', ""],
  ['"doors"', '"billing"'],
  ['"past":500', '"past":2'],
]

const sent = order.flatMap(id => {
  const endpoint = endpoints.find(each => each.id === id)
  const request = endpointExamples[id]?.request ?? {}
  if (!endpoint) throw new Error(`${id} is no endpoint`)
  return Object.entries(request).flatMap(([type, values]) =>
    Object.entries(values).map(([name, value]) => ({ id, endpoint, type, name, value })),
  )
})

describe("every request in the examples of the description is accepted by the API as it stands", () => {
  it("and none is left out", () => {
    const withRequest = Object.keys(endpointExamples).filter(id => endpointExamples[id]?.request)
    expect([...order, ...notSent].sort()).toEqual(withRequest.sort())
  })

  it.each(sent)("$id, $type, $name", async ({ id, endpoint, type, name, value }) => {
    const written = typeof value === "string" ? value : JSON.stringify(value)
    const text = ofInstallation.reduce((before, [found, here]) => before.replace(found, here), written)
    const isForProducers = id === "ingestEvents" || id === "reportCaptureCounts"
    const response = await api.call(
      endpoint.method.toUpperCase() as Method,
      endpoint.path.replace("{id}", sink),
      { key: isForProducers ? keys.producer : keys.manager, body: text, type },
    )
    const answer = await response.json()
    // No event of this log was refused by a sink.
    const expected = id === "retryDeadLetters" && name === "some" ? [404] : [200, 201]
    expect(expected, answer.detail).toContain(response.status)
    if (id === "createSink") sink = answer.id
  })
})
