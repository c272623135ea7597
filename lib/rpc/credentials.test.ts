import { X509Certificate } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as tls from "node:tls"
import { credentials } from "@grpc/grpc-js"
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import {
  type CertifiedKey,
  canMakeCertificates,
  makeAuthority,
  type TestAuthority,
} from "@/test/certificates"
import { rpcClient } from "@/test/rpc/client"
import { type RpcServer, startRpc } from "./server"

let authority: TestAuthority
let first: CertifiedKey
let second: CertifiedKey
let folder: string
let server: RpcServer
const files = () => ({
  certificateFile: path.join(folder, "cert.pem"),
  keyFile: path.join(folder, "key.pem"),
})

function write({ cert, key }: CertifiedKey): void {
  writeFileSync(files().certificateFile, cert)
  writeFileSync(files().keyFile, key)
}

const start = () =>
  startRpc({
    host: "127.0.0.1",
    grpc: { port: null, tls: { port: 0, ...files() } },
    trusts: () => false,
    mostInWork: 10,
    answer: async () => ({ status: { code: 10_000, description: "Ok", req_id: "1" } }),
  })

/** Returns the certificate that a new connection gets. */
async function presented(): Promise<string> {
  const port = server.tlsPort ?? 0
  const socket = tls.connect({
    host: "127.0.0.1",
    port,
    servername: "localhost",
    ca: authority.ca,
    ALPNProtocols: ["h2"],
  })
  await once(socket, "secureConnect")
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()
  return fingerprint256
}
const printOf = ({ cert }: CertifiedKey) => new X509Certificate(cert).fingerprint256

/** Runs the work and returns the events that it has logged. */
async function logged(work: () => Promise<unknown>): Promise<readonly string[]> {
  vi.stubEnv("LOG_LEVEL", "info")
  const lines: string[] = []
  const keep = (line: unknown) => lines.push(String(line)) > 0
  const spies = [process.stdout, process.stderr].map(stream =>
    vi.spyOn(stream, "write").mockImplementation(keep),
  )
  try {
    await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
    vi.stubEnv("LOG_LEVEL", "silent")
  }
  return lines.filter(line => line.includes("rpc.")).map(line => JSON.parse(line).event)
}

describe.runIf(canMakeCertificates())("the certificate", () => {
  beforeAll(() => {
    authority = makeAuthority()
    first = authority.issue(["localhost", "127.0.0.1"])
    second = authority.issue(["localhost", "127.0.0.1"])
  })
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "auditorium-rpc-"))
    write(first)
    server = await start()
    return async () => {
      await server.close(0)
      rmSync(folder, { recursive: true, force: true })
    }
  })
  afterAll(() => void vi.unstubAllEnvs())

  test("that was renewed is the one of new connections; calls go on meanwhile", async () => {
    const client = rpcClient(server.tlsPort, credentials.createSsl(Buffer.from(authority.ca)))
    expect(await client.search({})).toMatchObject({ grpc: "OK" })
    expect(await presented()).toBe(printOf(first))
    write(second)
    expect(await logged(() => server.renewCertificate())).toEqual(["rpc.certificate_replaced"])
    expect(await presented()).toBe(printOf(second))
    expect(await client.search({})).toMatchObject({ grpc: "OK" })
    client.close()
  })

  test.each([
    ["is no certificate", () => writeFileSync(files().certificateFile, "nonsense")],
    ["is half written", () => writeFileSync(files().certificateFile, second.cert.slice(0, 300))],
    ["is empty", () => writeFileSync(files().certificateFile, "")],
    ["is gone", () => rmSync(files().certificateFile)],
    ["has lost its key", () => rmSync(files().keyFile)],
    ["belongs to another key", () => writeFileSync(files().certificateFile, second.cert)],
    ["has a key that is none", () => writeFileSync(files().keyFile, "nonsense")],
  ])(
    "that %s when it is renewed changes nothing, is logged once, and is forgotten when it is good",
    async (_, damage) => {
      damage()
      const looks = async () => {
        await server.renewCertificate()
        await server.renewCertificate()
      }
      expect(await logged(looks)).toEqual(["rpc.certificate_refused"])
      expect(await presented()).toBe(printOf(first))
      write(second)
      await server.renewCertificate()
      expect(await presented()).toBe(printOf(second))
    },
  )

  test("is found where Kubernetes changes a link to a folder", async () => {
    await server.close(0)
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true })
    const at = (name: string) => path.join(folder, name)
    const put = (name: string, { cert, key }: CertifiedKey) => {
      const made = mkdtempSync(at(name))
      writeFileSync(path.join(made, "cert.pem"), cert)
      writeFileSync(path.join(made, "key.pem"), key)
      symlinkSync(made, at("..next"))
      renameSync(at("..next"), at("..data"))
    }
    put("one", first)
    symlinkSync("..data/cert.pem", at("cert.pem"))
    symlinkSync("..data/key.pem", at("key.pem"))
    server = await start()
    expect(await presented()).toBe(printOf(first))
    put("two", second)
    await server.renewCertificate()
    expect(await presented()).toBe(printOf(second))
  })

  test.each([
    ["GRPC_TLS_CERT", () => rmSync(files().certificateFile)],
    ["GRPC_TLS_CERT", () => writeFileSync(files().certificateFile, "nonsense")],
    ["GRPC_TLS_KEY", () => rmSync(files().keyFile)],
    ["GRPC_TLS_KEY", () => writeFileSync(files().keyFile, second.key)],
  ])(
    "that cannot be used at the start refuses it and names %s, and never what the file holds",
    async (name, damage) => {
      damage()
      const problem = await start().then(
        () => "started",
        error => String(error),
      )
      expect(problem).toContain(name)
      expect(problem).not.toContain("BEGIN")
    },
  )
})
