import { execFileSync, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type Packed, packedSdk, startApp } from "./packed"
import { type StandIn, startStandIn } from "./server"

let packed: Packed
let folder: string
let server: StandIn

beforeAll(async () => {
  packed = await packedSdk()
})
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "sdk-process-"))
  server = await startStandIn()
})
afterEach(async () => {
  await server.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

const environment = (url = server.url) => ({
  AUDITORIUM_URL: url,
  AUDITORIUM_KEY: "aud_test",
  AUDITORIUM_SPOOL: path.join(folder, "spool"),
})

/** Runs a program of the application, which must end by itself. */
function run(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly out: string; readonly errors: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: packed.folder,
    env: { PATH: process.env.PATH, NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let [out, errors] = ["", ""]
  child.stdout.on("data", chunk => {
    out += chunk
  })
  child.stderr.on("data", chunk => {
    errors += chunk
  })
  return new Promise(resolve => child.once("close", code => resolve({ code, out, errors })))
}

const event = (id: string) =>
  JSON.stringify({ operation: "door.open", status: "success", actor: { type: "user", id } })
const idsOf = (standIn: StandIn) => standIn.events.map(({ actor }) => (actor as { readonly id: string }).id)
/** An address where nobody listens. */
const nowhere = "http://127.0.0.1:9"

describe("record", () => {
  it("resolves when the server has the event, and the program ends by itself", async () => {
    const program = `import { record } from "auditorium"; console.log(JSON.stringify(await record(${event("ada")})))`
    const { code, out } = await run(program, environment())
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ outcome: "accepted", id: server.events[0]?.id })
  })

  it("resolves for an event that the server refuses, with the reason", async () => {
    const refused = '{ operation: "refuse.me", status: "success", actor: { type: "anonymous" } }'
    const program = `import { record } from "auditorium"; console.log(JSON.stringify(await record(${refused})))`
    const { out } = await run(program, environment())
    expect(JSON.parse(out)).toMatchObject({ outcome: "refused", why: "/operation no" })
  })

  it("resolves for what is no event at all, and never rejects", async () => {
    const program = `import { record } from "auditorium"
      const circle = {}; circle.self = circle
      for (const value of [null, undefined, 7, { operation: 1n }, { metadata: circle }, { metadata: { toJSON() { throw 1 } } }])
        console.log((await record(value)).outcome)`
    const { code, out } = await run(program, environment())
    expect(code).toBe(0)
    expect(out.trim().split("\n")).toHaveLength(6)
    expect(out).not.toMatch(/accepted/)
  })

  it("hides secrets before the event leaves the process", async () => {
    const program = `import { record } from "auditorium"
      await record({ operation: "door.open", status: "success", actor: { type: "anonymous" }, metadata: { password: "hunter2hunter2" } })`
    await run(program, environment())
    expect(server.events).toHaveLength(1)
    expect(server.received.map(({ body }) => body).join()).not.toContain("hunter2hunter2")
  })

  it("can be required by a program that is no module", () => {
    const program =
      'const { record } = require("auditorium"); const { auditorium } = require("auditorium/express"); console.log(typeof record, typeof auditorium)'
    const out = execFileSync(process.execPath, ["--input-type=commonjs", "--eval", program], {
      cwd: packed.folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
    expect(out.trim()).toBe("function function")
  })
})

describe("the application", () => {
  it("ends by itself while the server is away, and its events are sent at the next start", async () => {
    const program = `import { record } from "auditorium"; void record(${event("ada")}); void record(${event("bob")})`
    expect(await run(program, environment(nowhere))).toMatchObject({ code: 0 })
    const { code } = await run(
      'import { close, record } from "auditorium"; await record({}); await close()',
      environment(),
    )
    expect(code).toBe(0)
    expect(idsOf(server).filter(id => id !== "auditorium-sdk")).toEqual(["ada", "bob"])
  })

  it("does not notice that url and key are missing, but for one line of the log", async () => {
    const program = `import { record } from "auditorium"; import { auditorium } from "auditorium/express"
      let went = 0; const middleware = auditorium(); middleware({}, {}, () => went++)
      console.log(went, (await record(${event("ada")})).outcome)`
    const { code, out, errors } = await run(program, {})
    expect({ code, out: out.trim() }).toEqual({ code: 0, out: "1 lost" })
    expect(errors).toContain("AUDITORIUM_URL and AUDITORIUM_KEY are not set")
  })

  it("goes on when its own log function throws", async () => {
    const program = `import { record } from "auditorium"
      const log = () => { throw new Error("log") }
      console.log((await record(${event("ada")}, { log })).outcome)`
    server.reply = () => ({ status: 401, body: { detail: "revoked" } })
    expect(await run(program, environment())).toMatchObject({ code: 0, out: "kept\n" })
  })

  it("writes what a key lacks once a minute, not for each event", async () => {
    server.reply = () => ({ status: 403, body: { detail: "The key lacks LOG-INGESTION." } })
    const program = `import { record, close } from "auditorium"
      for (let at = 0; at < 3; at++) { await record(${event("ada")}); await close(100) }`
    const { code, errors } = await run(program, environment())
    expect(code).toBe(0)
    expect(errors.match(/LOG-INGESTION/g)).toHaveLength(1)
    expect(server.received.filter(({ path }) => path === "/api/v1/events").length).toBeGreaterThan(1)
  })
})

describe("when both processes are killed with SIGKILL", () => {
  it("events that were kept on disk arrive, each of them once and in order", async () => {
    const names = Array.from({ length: 40 }, (_, at) => `n${at}`)
    const program = `import { record } from "auditorium"
      const outcomes = await Promise.all(${JSON.stringify(names)}.map(id =>
        record({ operation: "door.open", status: "success", actor: { type: "user", id } })))
      console.log(JSON.stringify({ port: 1, kept: outcomes.filter(({ outcome }) => outcome === "kept").length }))
      setInterval(() => undefined, 1000)`
    fs.writeFileSync(path.join(packed.folder, "killed.mjs"), program)
    // The server has each event before it is killed, and has answered none.
    server.reply = () => ({ status: 503 })
    const app = await startApp(packed, "killed.mjs", environment())
    app.child.kill("SIGKILL")
    await app.ended
    server.reply = undefined
    const restarted = await startApp(packed, "node.mjs", environment())
    await server.until(({ events }) => events.length >= 40)
    expect(idsOf(server)).toEqual(names)
    // What is sent is deleted: another start sends nothing.
    while (spooled().length > 0) await new Promise(resolve => setTimeout(resolve, 10))
    restarted.child.kill("SIGKILL")
    await restarted.ended
    expect(server.repeated).toBe(0)
  })

  const spooled = () =>
    fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(name => name.endsWith(".jsonl"))
})
