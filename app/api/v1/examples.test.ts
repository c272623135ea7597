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

  it.each(sent)("$id, $type, $name", async ({ id, endpoint, type, value }) => {
    // A version that was read belongs to its installation.
    const body = id === "updateCapturePolicy" ? { ...Object(value), version: undefined } : value
    const text = typeof body === "string" ? body : JSON.stringify(body)
    const isForProducers = id === "ingestEvents" || id === "reportCaptureCounts"
    const response = await api.call(
      endpoint.method.toUpperCase() as Method,
      endpoint.path.replace("{id}", sink),
      { key: isForProducers ? keys.producer : keys.manager, body: text, type },
    )
    const answer = await response.json()
    expect([response.status, answer.detail]).toEqual([expect.toSatisfy(status => status < 300), undefined])
    if (id === "createSink") sink = answer.id
  })
})
