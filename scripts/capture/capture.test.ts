import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as http from "node:http"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { everything } from "@/sdk/test/proxy/captured"
import { type Listening, listen } from "@/sdk/test/proxy/peers"
import { type StandIn, startStandIn } from "@/sdk/test/server"
import { compiledScript } from "@/test/compiled"
import { capture } from "./command"
import { readOptions, UsageError } from "./options"

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-capture-command-"))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string) => {
  fs.writeFileSync(path.join(folder, name), content, { mode: 0o600 })
  return path.join(folder, name)
}
const target = ["--target", "http://127.0.0.1:1"]
const variables = { AUDITORIUM_KEY: "aud_live_k" }

describe("the options", () => {
  it("need an API and a key; everything else has a value of its own", () => {
    expect(
      readOptions(["--target", "https://api.example/v1/", "--key-file", file("key", "aud_live_k\n")], {}),
    ).toMatchObject({
      target: new URL("https://api.example/v1/"),
      key: "aud_live_k",
      listen: { host: "127.0.0.1", port: 8008 },
      profile: "generic",
      url: new URL("http://127.0.0.1:3000"),
      ...{
        strict: false,
        rewriteHost: false,
        connectTimeoutMs: 10_000,
        responseTimeoutMs: 0,
        tls: null,
        upstream: {},
      },
      warnings: [],
    })
    expect(readOptions(["--target", "unix:///var/run/docker.sock"], variables).target.pathname).toBe(
      "/var/run/docker.sock",
    )
    expect(readOptions([...target, "--listen", "[::1]:0"], variables).listen).toEqual({
      host: "::1",
      port: 0,
    })
  })

  it.each([
    [[], "--target is missing"],
    [["--target", "api.example"], "--target api.example is not an address"],
    [["--target", "ftp://api.example"], "--target ftp://api.example is not an address"],
    [["--target", "unix://var/run/docker.sock"], "--target unix://var/run/docker.sock is not an address"],
    [["--target", "http://u:p@api.example"], "must not hold a user or password"],
    [["--target", "http://api.example/?a=b"], "no query and no fragment"],
    [[...target, "--listen", "8008"], "--listen 8008 is not HOST:PORT"],
    [[...target, "--listen", "127.0.0.1:70000"], "is not HOST:PORT"],
    [[...target, "--listen", "::1:80"], "is not HOST:PORT"],
    [[...target, "--profile", "podman"], "generic, clearml, clarifai, docker, kubernetes"],
    [[...target, "--url", "auditorium"], "--url auditorium is not an address"],
    [[...target, "--trust", "10.0.0.0/99"], "--trust 10.0.0.0/99 is not"],
    [[...target, "--connect-timeout", "0"], "--connect-timeout must be a number of seconds from 1"],
    [[...target, "--response-timeout", "soon"], "--response-timeout must be"],
    [[...target, "--client-ca", "ca.pem"], "--client-ca needs --tls-cert"],
    [[...target, "--tls-cert", "cert.pem"], "--tls-cert and --tls-key go together"],
    [[...target, "--upstream-key", "key.pem"], "--upstream-cert and --upstream-key go together"],
    [[...target, "--key-file", "/nonexistent"], "--key-file /nonexistent is not there"],
    [[...target, "--upstream-ca", "/nonexistent"], "--upstream-ca /nonexistent is not there"],
    [[...target, "--unknown"], "Unknown option '--unknown'"],
    [[...target, "more"], "Unexpected argument 'more'"],
  ])("%j: %s", (args, message) => {
    expect(() => readOptions(args, variables)).toThrow(UsageError)
    expect(() => readOptions(args, variables)).toThrow(message)
  })

  it("a key that is missing, empty or no key is refused without being shown", () => {
    expect(() => readOptions(target, {})).toThrow("--key-file")
    expect(() => readOptions([...target, "--key-file", file("empty", "\n")], {})).toThrow("is empty")
    const wrong = file("wrong", "-----BEGIN\nsecret-line")
    expect(() => readOptions([...target, "--key-file", wrong], {})).toThrow(
      /^The key holds characters that no key has\.$/,
    )
  })

  it("a key that others can read, or that goes over the network unencrypted, is a warning", () => {
    const open = file("open", "aud_live_k")
    fs.chmodSync(open, 0o644)
    const { warnings } = readOptions([...target, "--key-file", open, "--url", "http://audit.example"], {})
    expect(warnings).toEqual([
      "Careful: the key and the events go to http://audit.example unencrypted.",
      `Careful: other accounts of this machine may read ${open}.`,
    ])
  })
})

/** Runs the command to its end, and returns its exit code and what it printed. */
async function run(args: readonly string[]) {
  const printed: string[] = []
  const say = (line: string) => void printed.push(line)
  const terminal = { variables, out: say, err: say, ended: Promise.resolve() }
  return { code: await capture(args, terminal), printed: printed.join("\n") }
}

describe("the command", () => {
  it("tells how it is used", async () => {
    const { code, printed } = await run(["--help"])
    expect(code).toBe(0)
    for (const option of [
      "--target",
      "--key-file",
      "--listen",
      "--profile",
      "--client-ca",
      "--spool",
      "--strict",
    ])
      expect(printed).toContain(option)
  })

  it("ends with 2 when it does not understand, and with 1 when it cannot listen", async () => {
    expect(await run([])).toEqual({
      code: 2,
      printed:
        "--target is missing: the address of the API.\nnpm run capture -- --help tells how it is used.",
    })
    const pem = ["--tls-cert", file("cert.pem", "none"), "--tls-key", file("key.pem", "none")]
    expect(await run([...target, ...pem, "--spool", folder])).toMatchObject({ code: 2 })
    const taken = await listen(net.createServer())
    const { code, printed } = await run([...target, "--listen", `127.0.0.1:${taken.port}`, "--spool", folder])
    expect(code).toBe(1)
    expect(printed).toContain(`It cannot listen at http://127.0.0.1:${taken.port}`)
    await taken.close()
  })
})

describe("as a process", () => {
  let server: StandIn
  let api: Listening
  const children: ChildProcess[] = []
  beforeEach(async () => {
    server = await startStandIn()
    server.policy = { version: 1, app: "app", policy: everything }
    api = await listen(http.createServer((request, response) => response.end(`answer to ${request.url}`)))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL")
    await server.stop()
    await api.close()
  })

  async function start(): Promise<{ child: ChildProcess; url: string }> {
    const args = [
      ...[await compiledScript("scripts/capture.ts"), "--target", `http://127.0.0.1:${api.port}`],
      ...["--key-file", file("key", "aud_live_k"), "--url", server.url, "--listen", "127.0.0.1:0"],
      ...["--spool", path.join(folder, "spool")],
    ]
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] })
    children.push(child)
    let said = ""
    const url = await new Promise<string>((resolve, reject) => {
      child.stderr?.on("data", chunk => {
        said += chunk
        const found = /^Listening at (\S+)\. Calls go to/m.exec(said)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once("exit", code => reject(new Error(`It ended with ${code}: ${said}`)))
    })
    return { child, url }
  }

  it("a call is recorded; killed while the server is away, what was recorded arrives once when it runs again", async () => {
    const first = await start()
    expect(await (await fetch(`${first.url}/one`)).text()).toBe("answer to /one")
    await server.until(({ events }) => events.length === 1)
    server.reply = ({ path }) => (path === "/api/v1/events" ? { status: 503 } : undefined)
    for (let n = 0; n < 20; n++) await (await fetch(`${first.url}/away-${n}`)).text()
    const spool = path.join(folder, "spool")
    // On disk by now or soon: the process writes what the server did not take.
    const kept = () =>
      fs
        .readdirSync(spool, { recursive: true, withFileTypes: true })
        .filter(one => one.isFile() && one.name !== "policy.json")
        .map(one => fs.readFileSync(path.join(one.parentPath, one.name), "utf8"))
        .join("")
    await expect.poll(() => new Set(kept().match(/away-\d+/g)).size, { timeout: 60_000 }).toBe(20)
    first.child.kill("SIGKILL")
    await once(first.child, "exit")
    server.reply = undefined
    const second = await start()
    await server.until(({ events }) => events.length >= 21)
    second.child.kill("SIGTERM")
    expect((await once(second.child, "exit"))[0]).toBe(0)
    const paths = server.events.map(event => (event.http as { path: string }).path)
    expect(paths.toSorted()).toEqual(
      ["/one", ...Array.from({ length: 20 }, (_, n) => `/away-${n}`)].toSorted(),
    )
  })
})
