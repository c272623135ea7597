import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { parsePolicy } from "@/lib/audit/capture/parse-policy"
import { presets } from "@/lib/audit/capture/policy"
import { type StandIn, startStandIn } from "@/sdk/test/server"
import { nodeTransport } from "./node-transport"
import { PolicyClient, type PolicyFile } from "./policy-client"

let server: StandIn
let log: string[]
const clients: PolicyClient[] = []

beforeEach(async () => {
  server = await startStandIn()
  log = []
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.stop()
  await server.stop()
})

/** A file in memory, which two clients can share as two processes share one on disk. */
function fileWith(text: string | null): PolicyFile & { text: string | null } {
  const file = {
    text,
    read: async () => file.text,
    write: async (written: string) => {
      file.text = written
    },
  }
  return file
}

function clientWith(file: PolicyFile | null, url = server.url): PolicyClient {
  const client = new PolicyClient({
    transport: nodeTransport({ url: new URL(url), key: "key" }),
    parse: value => parsePolicy(value),
    fallback: presets.ours,
    file,
    log: problem => log.push(problem),
  })
  clients.push(client)
  return client
}

const named = (licenseKey: string) => ({ ...presets.ours, licenseKey })

describe("the policy of an application", () => {
  it("is metadata, with nothing of bodies, while none was ever received", async () => {
    const client = clientWith(fileWith(null), "http://127.0.0.1:1")
    await client.start()
    expect(client.current).toMatchObject({ version: null, from: "none" })
    expect(client.current.policy.default).toEqual({ call: true, data: false, resultData: false })
  })

  it("is the server's, asked for with the key and then with the ETag", async () => {
    server.policy = { version: 7, policy: named("a") }
    const client = clientWith(null)
    await client.start()
    server.reply = () => ({ status: 304 })
    await client.refresh()
    expect(client.current).toMatchObject({ version: 7, policy: { licenseKey: "a" }, from: "server" })
    expect(server.received.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"1"'])
    expect(server.received[0]?.headers.authorization).toBe("Bearer key")
  })

  it("is the last good one at a start while the server is away", async () => {
    const file = fileWith(null)
    server.policy = { version: 7, policy: named("kept") }
    await clientWith(file).start()
    const later = clientWith(file, "http://127.0.0.1:1")
    await later.start()
    expect(later.current).toMatchObject({ version: 7, policy: { licenseKey: "kept" }, from: "disk" })
  })

  it.each([
    [
      "something that is no policy",
      { status: 200, body: { version: 8, policy: { v: 1, enabled: "perhaps" } } },
    ],
    ["a page of a proxy", { status: 200, body: "<html>" }],
    ["an error", { status: 500, body: {} }],
  ])("stays the last good one when the server sends %s", async (_, reply) => {
    server.policy = { version: 7, policy: named("good") }
    const client = clientWith(fileWith(null))
    await client.start()
    server.reply = () => reply
    await client.refresh()
    expect(client.current).toMatchObject({ version: 7, policy: { licenseKey: "good" } })
    expect(log.join()).toContain("The policy cannot be fetched")
  })

  it("does not come from a file that holds something else", async () => {
    const client = clientWith(
      fileWith(JSON.stringify({ body: '{"policy":{"v":1,"enabled":"no"}}' })),
      "http://127.0.0.1:1",
    )
    await client.start()
    expect(client.current.from).toBe("none")
  })

  it("asks which app this is only for rules that name apps", async () => {
    const rules = [{ name: "r", when: { apps: ["billing"] }, then: { call: false } }]
    server.reply = ({ path }) =>
      path === "/api/v1/key" ? { status: 200, body: { app: { slug: "billing" } } } : undefined
    server.policy = { version: 1, policy: presets.ours }
    const client = clientWith(null)
    await client.start()
    expect(client.current.app).toBeNull()
    server.policy = { version: 2, policy: { ...presets.ours, rules } }
    await client.refresh()
    expect(client.current.app).toBe("billing")
  })
})
