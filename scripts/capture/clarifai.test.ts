import * as http from "node:http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { clarifaiCases } from "@/lib/audit/capture/fixtures/clarifai-calls"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { everything, refuseUnlessAccepted, runCapture } from "@/sdk/test/proxy/captured"
import { type Listening, listen } from "@/sdk/test/proxy/peers"

const key = "Key 5f0c3d2e1b4a69788796a5b4c3d2e1f0"
const answers = new Map(clarifaiCases.map(({ line, answered }) => [line, answered as object]))

/** Answers as Clarifai's API does. A header asks for another status than success. */
let api: Listening
beforeAll(async () => {
  api = await listen(
    http.createServer(async (request, response) => {
      for await (const _ of request);
      const [code, httpStatus] = String(request.headers["x-answer"] ?? "10000 200").split(" ")
      const status = {
        code: Number(code),
        description: "Said by the API",
        req_id: "c0c3788f56734a07ac468cffc9f96b82",
      }
      const answer = { status, ...answers.get(`${request.method} ${request.url}`) }
      response.writeHead(Number(httpStatus), { "content-type": "application/json" })
      response.end(JSON.stringify(answer))
    }),
  )
})
afterAll(() => api.close())

const start = (policy: CapturePolicy) =>
  runCapture(policy, ["--target", `http://127.0.0.1:${api.port}`, "--profile", "clarifai"])

async function send(
  port: number,
  line: string,
  sent: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const [method = "", path = ""] = line.split(" ")
  const body = sent === undefined ? {} : { body: JSON.stringify(sent) }
  const type = { "content-type": "application/json" }
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    ...{ method, headers: { authorization: key, ...type, ...headers } },
    ...body,
  })
  return { status: answer.status, body: await answer.json() }
}

describe("Clarifai's API through the proxy", () => {
  it("each of the 51 documented actions is an event with its operation, code, targets and outcome, and the key is nowhere", async () => {
    const running = await start(everything)
    for (const { line, sent, answered } of clarifaiCases) {
      const answer = await send(running.port, line, sent)
      expect(answer.body, line).toMatchObject({ status: { code: 10_000 }, ...(answered as object) })
    }
    const events = await running.stop()
    for (const event of events) refuseUnlessAccepted(event)
    const recorded = events.map(event => ({
      action: event.metadata.call.endpoint,
      operation: event.operation,
      code: (event as { readonly operationCode?: number }).operationCode ?? null,
      targets: (event.targets ?? []).map(({ type, id }) => `${type} ${id}`),
      outcome: `${event.status} ${event.statusCode}`,
    }))
    expect(recorded).toEqual(
      clarifaiCases.map(({ action, operation, code, targets }) => ({
        ...{ action, operation, code, targets },
        outcome: "success 10000",
      })),
    )
    expect(running.leavings()).toContain("Said by the API")
    expect(running.leavings()).not.toContain(key.slice(4))
    await running.remove()
  })

  it("targets are read from bodies that the policy does not record", async () => {
    const running = await start({ ...everything, default: { call: true, data: false, resultData: false } })
    await send(running.port, "DELETE /v2/users/ada/apps/vision/models", { ids: ["cats"] })
    const [event] = await running.stop()
    expect(event?.targets).toEqual([
      { type: "model", id: "cats" },
      { type: "app", id: "vision" },
    ])
    expect([event?.metadata.call.request, event?.metadata.call.response]).toEqual([undefined, undefined])
    await running.remove()
  })

  it("a refusal that only the body tells is one, and a rule that asks for refusals records it with its request", async () => {
    const rule = { name: "Refused", when: { outcomes: ["denied" as const] }, then: { data: true } }
    const running = await start({
      ...everything,
      rules: [rule],
      default: { call: true, data: false, resultData: false },
    })
    const line = "DELETE /v2/users/ada/apps/vision/models"
    await send(running.port, line, { ids: ["cats"] }, { "x-answer": "11007 200" })
    await send(running.port, line, { ids: ["cats"] }, { "x-answer": "11102 400" })
    await send(running.port, line, { ids: ["cats"] })
    const events = await running.stop()
    expect(
      events.map(({ status, statusCode, metadata }) => [status, statusCode, metadata.call.rule]),
    ).toEqual([
      ["denied", "11007", "Refused"],
      ["failure", "11102", null],
      ["success", "10000", null],
    ])
    expect(events.map(({ metadata }) => metadata.call.request)).toEqual([
      { ids: ["cats"] },
      undefined,
      undefined,
    ])
    await running.remove()
  })
})

describe("ClearML through the proxy", () => {
  it("a refusal that only the body tells decides rules by outcome", async () => {
    const target = await listen(
      http.createServer((request, response) => {
        const code = request.url === "/tasks.delete" ? 403 : 200
        response.writeHead(200, { "content-type": "application/json" })
        response.end(JSON.stringify({ meta: { result_code: code, result_msg: "said" }, data: {} }))
      }),
    )
    const rules = [
      { name: "Refused", when: { outcomes: ["denied" as const] }, then: { data: true } },
      { name: "Others not", when: { outcomes: ["success" as const] }, then: { call: false } },
    ]
    const running = await runCapture({ ...everything, rules }, [
      ...["--target", `http://127.0.0.1:${target.port}`, "--profile", "clearml"],
    ])
    for (const endpoint of ["tasks.edit", "tasks.delete", "tasks.get_all"])
      await send(running.port, `POST /${endpoint}`, { task: "t1" })
    const events = await running.stop()
    expect(events.map(({ operation, status, metadata }) => [operation, status, metadata.call.rule])).toEqual([
      ["tasks.delete", "denied", "Refused"],
    ])
    await running.remove()
    await target.close()
  })
})
