import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, startApi } from "@/app/api/fixtures/api"
import { makeKey } from "@/lib/access/fixtures/people"
import type { SentRequest } from "@/lib/clarifai/messages"
import { clarifai } from "@/lib/formats/clarifai"
import { RecordIds } from "@/lib/formats/format"
import { canMakeCertificates, makeAuthority } from "@/test/certificates"
import { documentedAnswer, documentedEntries } from "@/test/rpc/documented-entries"
import { documentedForm, withoutEmpty } from "@/test/rpc/documented-form"
import { type DocumentedProgram, documentedPrograms, textOfProgram } from "@/test/rpc/documented-programs"
import { answerSearch } from "./search"
import { type RpcServer, startRpc } from "./server"

const fixtures = path.resolve("test/rpc")
/** Below the project, where the programs find their packages. */
const cache = path.resolve("node_modules/.cache/auditorium")
let folder: string
let api: Api
/** A key of an organization that has nothing but the documented entries. */
let key: string
let server: RpcServer
/** The requests as they arrived, decoded. */
const arrived: SentRequest[] = []

beforeAll(async () => {
  if (!canMakeCertificates()) return
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(path.join(cache, "clarifai-"))
  const authority = makeAuthority()
  const certified = authority.issue(["localhost", "127.0.0.1"])
  const at = (name: string) => path.join(folder, name)
  writeFileSync(at("ca.pem"), authority.ca)
  writeFileSync(at("cert.pem"), certified.cert)
  writeFileSync(at("key.pem"), certified.key)
  api = await startApi(() => ({ CLARIFAI_RATE: "100000" }))
  const { id: organizationId, appId } = await api.db.organization()
  const scopes = ["LOG-MANAGEMENT", "LOG-INGESTION"]
  key = (await makeKey(api.db, { organizationId, appId }, { scopes })).key
  const ids = new RecordIds(appId, "clarifai")
  const records = [...clarifai.read(JSON.stringify(documentedAnswer), { ids })]
  const body = records.map(({ event }) => `${event}\n`).join("")
  const sent = await api.call("POST", "/api/v1/events", { key, body, type: "application/x-ndjson" })
  expect(sent.status, await sent.text()).toBe(201)
  server = await startRpc({
    host: "127.0.0.1",
    grpc: { port: 0, tls: { port: 0, certificateFile: at("cert.pem"), keyFile: at("key.pem") } },
    trusts: () => false,
    mostInWork: 10,
    answer: (call, service) => {
      arrived.push(service.decode(call.bytes))
      return answerSearch(call, service)
    },
  })
})
afterAll(async () => {
  await server?.close(0)
  await api?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** Runs one of the fixtures with the environment that the package documents. Returns the objects that it printed. */
async function run(
  script: string,
  args: readonly string[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const env = {
    ...process.env,
    CLARIFAI_GRPC_BASE: `localhost:${server.tlsPort}`,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: path.join(folder, "ca.pem"),
  }
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(fixtures, script), ...args], {
    env,
  })
  return stdout
    .trim()
    .split("\n")
    .map(line => JSON.parse(line))
}

const me = { user_app_id: { user_id: "me" } }
const query = (asked: object) => ({ ...me, query: asked })
const day = {
  timestamp_from: { seconds: "1737072000" },
  timestamp_to: { seconds: "1737158399", nanos: 999_999_999 },
}

/** What is asked, and how many of the documented entries are found. */
const cases = [
  ["everything", me, 10],
  ["three operations", query({ operations: [300, 400, 600] }), 7],
  ["an operation that nobody has done", query({ operations: [1102] }), 0],
  ["the seventeenth of January", query(day), 7],
  ["one user", query({ user_ids: ["alfrick"] }), 10],
  ["one app", query({ targets: [{ app: { id: "test-app2" } }] }), 3],
  ["what succeeded", query({ success: { value: true } }), 10],
  ["what failed", query({ success: { value: false } }), 0],
  ["one source", query({ source_ips: ["3.234.120.41"] }), 10],
  ["another source", query({ source_ips: ["127.0.0.1"] }), 0],
  ["the oldest first", { ...me, sort_ascending: true }, 10],
  ["page 2 of 20", { ...me, pagination: { page: 2, per_page: 20 } }, 0],
  ["page 2 of 4", { ...me, pagination: { page: 2, per_page: 4 } }, 4],
] as const

/** Which entries they are, where their number does not say it. */
const expected: Readonly<Record<string, readonly object[]>> = {
  everything: documentedEntries,
  "the oldest first": documentedEntries.toReversed(),
  "page 2 of 4": documentedEntries.slice(4, 8),
  "the seventeenth of January": documentedEntries.slice(0, 7),
}

interface Form {
  readonly status: { readonly code: number; readonly description: string }
  readonly entries: readonly unknown[]
}
// The cast: the expectations below check each member.
const formOf = (decoded: unknown) => documentedForm(decoded) as unknown as Form

/** What arrives of the codes 300 and 902: the stub sends 0 for a code that its own enum lacks. */
const arrivingCodes = { stub: [300, 0], static: [300, 902] }

const canRun = canMakeCertificates()

describe.runIf(canRun).each([
  ["the stub of Clarifai's package, unmodified, over TLS", "stub"],
  ["the static client of the same package, without TLS", "static"],
] as const)("%s", (_, how) => {
  test("finds what is documented, every entry as documented, and gets a refusal as a response with a status", async () => {
    const file = path.join(folder, `${how}.json`)
    const asked = [
      ...cases.map(([, request]) => ({ key, request })),
      { key, request: query({ operations: [300, 902] }) },
      { key: "aud_live_x", request: me },
    ]
    arrived.length = 0
    writeFileSync(file, JSON.stringify(asked))
    const printed = await run("official.cjs", [how, file, `localhost:${server.port}`])
    expect(printed.flatMap(({ error }) => error ?? [])).toEqual([])
    const forms = printed.map(({ answer }) => formOf(answer))
    expect(forms.map(({ entries }) => entries.length)).toEqual([...cases.map(([, , count]) => count), 2, 0])
    expect(arrived.at(-2)?.query?.operations).toEqual(arrivingCodes[how])
    for (const [at, [name]] of cases.entries()) {
      expect(forms[at]?.status, name).toMatchObject({ code: 10_000, description: "Ok" })
      const entries = expected[name]
      if (entries) expect(forms[at]?.entries, name).toEqual(entries.map(withoutEmpty))
    }
    expect(forms.at(-1)?.status).toMatchObject({ code: 11_009, description: "API key not found" })
  })
})

describe.runIf(canRun)("the documented Node.js programs, as they are published", () => {
  test("run, and what arrives of their objects of google-protobuf is empty; a refused key makes them fail", async () => {
    writeFileSync(path.join(folder, "package.json"), '{"type":"commonjs"}')
    const write = (program: DocumentedProgram, pat: string, name = program.name) => {
      const file = path.join(folder, `${name}.js`)
      writeFileSync(file, textOfProgram(program, pat, "me"))
      return file
    }
    const [list] = documentedPrograms
    if (!list) throw new Error("There are no programs.")
    const files = documentedPrograms.map(program => write(program, key))
    arrived.length = 0
    const printed = await run("run-programs.cjs", [...files, write(list, "YOUR_PAT_HERE", "refused")])
    expect(arrived.slice(0, -1).map(({ user_app_id: _, ...members }) => members)).toEqual(
      documentedPrograms.map(({ arrives }) => arrives),
    )
    for (const [at, { name, finds }] of documentedPrograms.entries()) {
      const [response] = (printed[at]?.logged ?? []) as readonly unknown[]
      expect(printed[at]?.failed, name).toBeUndefined()
      expect(formOf(response).entries, name).toHaveLength(finds)
    }
    expect(printed.at(-1)?.failed).toBe("Post audit log searches failed, status: API key not found")
  })
})
