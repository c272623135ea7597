import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import * as os from "node:os"
import * as path from "node:path"
import { promisify } from "node:util"
import { gunzipSync, gzipSync } from "node:zlib"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { JsonObject } from "@/lib/audit/json/value"
import type { Batch } from "@/lib/sinks/sink"
import { instant } from "@/test/events"
import { acme, batchOf, globex, testSink } from "@/test/sinks/batch"
import { failureOf } from "@/test/sinks/failure"
import { outboundFor } from "@/test/sinks/outbound-for"
import { sinkPage } from "@/test/sinks/page"
import { bucket, said, startStore, type TestStore } from "@/test/sinks/s3"
import { objectUrl } from "./object"
import { s3 } from "./s3"

const keys = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "secret/With+Signs=",
  sessionToken: "Token/With+Signs==",
}
let store: TestStore
beforeAll(async () => {
  store = await startStore(keys)
})
afterAll(() => store.close())
beforeEach(() => {
  Object.assign(store.rules, { keys, region: "eu-central-1", mostBytes: 64 * 1024 * 1024, reply: () => null })
})

let prefixes = 0

async function openSink(
  more: JsonObject = {},
  credentials: Readonly<Record<string, string>> = keys,
  now = () => new Date(),
) {
  const prefix = `prefix-${prefixes++}`
  const url = `http://127.0.0.1:${store.port}`
  const given: JsonObject = { url, region: "eu-central-1", bucket, prefix, pathStyle: true, ...more }
  // Null leaves a setting out.
  const settings = s3.settings.parse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)),
  )
  const connection = await s3.open({
    settings,
    credentials,
    outbound: outboundFor(
      ["127.0.0.1", `s3.test:${store.port}`, `${bucket}.s3.test:${store.port}`],
      [`${bucket}.s3.test`],
    ),
    directory: null,
    now,
  })
  const write = (batch: Batch) => connection.write(batch, new AbortController().signal)
  return {
    prefix,
    write,
    failure: (batch: Batch) => failureOf(write(batch)),
  }
}

const putsDuring = async (work: () => Promise<unknown>) => {
  const before = store.requests.length
  await work()
  return store.requests.slice(before).filter(({ method }) => method === "PUT")
}

describe("an object", () => {
  it("is named by organization, day and range, and has the lines of the batch", async () => {
    const batch = batchOf([{ receivedAt: instant("2025-03-09T23:59:59.000000Z") }, {}, {}], { first: 41 })
    const { write, prefix } = await openSink()
    expect(await write(batch)).toEqual({ all: "taken" })
    const path = `/${bucket}/${prefix}/organization=${acme.id}/year=2025/month=03/day=09/000000000041-000000000043.jsonl.gz`
    expect(store.paths.map(decodeURIComponent)).toContain(path)
    expect(await store.lines(path)).toEqual(batch.events.map(({ line }) => line))
  })

  it("has a checksum, and the same bytes and name when the batch is sent again", async () => {
    const batch = batchOf([{}, {}])
    const { write } = await openSink()
    const puts = await putsDuring(async () => {
      await write(batch)
      await write({ ...batch, at: new Date(0) })
    })
    expect(new Set(puts.map(({ url }) => url)).size).toBe(1)
    const [first, second] = puts
    expect(second?.body).toEqual(first?.body)
    const sha256 = createHash("sha256")
      .update(first?.body ?? "")
      .digest("base64")
    expect(puts.map(({ headers }) => headers["x-amz-checksum-sha256"])).toEqual([sha256, sha256])
    expect(gunzipSync(first?.body ?? "").toString()).toBe(
      batch.events.map(({ line }) => `${line}\n`).join(""),
    )
  })

  it("of another organization with the same numbers is another object", async () => {
    const { write, prefix } = await openSink()
    for (const organization of [acme, globex])
      expect(await write(batchOf([{}], { organization }))).toEqual({ all: "taken" })
    const own = store.paths.map(decodeURIComponent).filter(path => path.includes(`/${prefix}/`))
    expect(own.map(path => path.split("/")[3])).toEqual([
      `organization=${acme.id}`,
      `organization=${globex.id}`,
    ])
  })

  it("of another sink is never replaced, and the administrator is told why", async () => {
    const { write, failure, prefix } = await openSink()
    const batch = batchOf([{}, {}])
    await write(batch)
    const other = batchOf([{ description: "other" }, {}], { sink: { ...testSink, id: globex.id } })
    expect(await failure(other)).toMatchObject({
      trouble: "configuration",
      message: expect.stringContaining("prefix of its own"),
    })
    const [path = ""] = store.paths.filter(one => one.includes(`/${prefix}/`))
    expect(await store.lines(path)).toEqual(batch.events.map(({ line }) => line))
  })

  it("is written with a key that may not read", async () => {
    store.rules.reply = ({ method }) => (method === "HEAD" ? { status: 403 } : null)
    const { write } = await openSink()
    expect(await write(batchOf([{}]))).toEqual({ all: "taken" })
  })

  it("has the id of the sink in its name where there is no prefix", async () => {
    const { write } = await openSink({ prefix: null })
    const [put] = await putsDuring(() => write(batchOf([{}], { first: 900 })))
    expect(decodeURIComponent(put?.url ?? "")).toContain(
      `/${bucket}/auditorium/${testSink.id}/organization=${acme.id}/`,
    )
  })
})

describe("the signature", () => {
  it.each([
    ["with a session token", keys],
    ["without one", { accessKeyId: "AKID2", secretAccessKey: "another secret" }],
  ])("is the one that the AWS SDK makes, %s", async (_, own) => {
    store.rules.keys = own
    const { write } = await openSink({ prefix: "a/b-c_d.e!f*g'h(i)=j" }, own)
    expect(await write(batchOf([{}], { first: prefixes * 1_000 }))).toEqual({ all: "taken" })
  })

  it("covers a bucket before the host as well as one in the path", async () => {
    const url = `http://s3.test:${store.port}`
    const { write } = await openSink({ url, pathStyle: false })
    const [put] = await putsDuring(async () => expect(await write(batchOf([{}]))).toEqual({ all: "taken" }))
    expect(put?.headers.host).toBe(`${bucket}.s3.test:${store.port}`)
    expect(put?.url).toMatch(/^\/prefix-/)
  })

  it.each([
    ["another secret", { ...keys, secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
    ["another session token", { ...keys, sessionToken: "wrong" }, "SignatureDoesNotMatch"],
    ["another key", { ...keys, accessKeyId: "AKIDOTHER" }, "InvalidAccessKeyId"],
  ])("with %s is a matter of configuration, and no secret is shown", async (_, own, code) => {
    const { failure } = await openSink({}, own)
    store.rules.keys = { ...keys }
    const { trouble, message } = await failure(batchOf([{}]))
    expect([trouble, message]).toEqual([
      "configuration",
      expect.stringMatching(new RegExp(`^Answered 403: ${code}: `)),
    ])
    expect(message).not.toContain(own.secretAccessKey === "wrong" ? "wrong" : own.secretAccessKey)
  })

  it("of another region, or of a clock that is wrong, is a matter of configuration", async () => {
    const elsewhere = await openSink({ region: "us-east-1" })
    expect(await elsewhere.failure(batchOf([{}]))).toMatchObject({
      trouble: "configuration",
      message: expect.stringContaining("AuthorizationHeaderMalformed"),
    })
    const late = await openSink({}, keys, () => new Date(Date.now() - 3_600_000))
    expect(await late.failure(batchOf([{}]))).toMatchObject({
      trouble: "configuration",
      message: expect.stringContaining("RequestTimeTooSkewed"),
    })
  })
})

describe("an answer", () => {
  it.each([
    [301, "PermanentRedirect", "configuration"],
    [307, "TemporaryRedirect", "configuration"],
    [400, "ExpiredToken", "configuration"],
    [400, "RequestTimeout", "later"],
    [400, "BadDigest", "later"],
    [403, "AccessDenied", "configuration"],
    [404, "NoSuchBucket", "configuration"],
    [409, "OperationAborted", "later"],
    [410, "Gone", "gone"],
    [500, "InternalError", "later"],
    [501, "NotImplemented", "configuration"],
    [503, "SlowDown", "later"],
  ])("of %i %s means %s", async (status, code, trouble) => {
    store.rules.reply = ({ method }) => (method === "PUT" ? said(status, code, "Some words") : null)
    const { failure } = await openSink()
    expect(await failure(batchOf([{}]))).toMatchObject({
      trouble,
      message: `Answered ${status}: ${code}: Some words`,
    })
  })

  it.each([
    ["a page", { status: 200, headers: { etag: '"a"' }, body: "<html>" }],
    ["no ETag", { status: 200 }],
    ["another status", { status: 204, headers: { etag: '"a"' } }],
    [
      "the checksum of other bytes",
      { status: 200, headers: { etag: '"a"', "x-amz-checksum-sha256": "AAAA" } },
    ],
  ])("of success with %s has stored nothing", async (_, answer) => {
    store.rules.reply = ({ method }) => (method === "PUT" ? answer : null)
    const { failure } = await openSink()
    expect(await failure(batchOf([{}]))).toMatchObject({ trouble: "later" })
  })

  it("that the object is too large refuses the batch whole, to be halved, with its size", async () => {
    store.rules.mostBytes = 10
    const { write } = await openSink()
    const written = await write(batchOf([{}, {}]))
    const refused = expect.stringMatching(
      /^Answered 400: EntityTooLarge: .* \(an object of \d+ bytes with 2 events\)$/,
    )
    expect(written).toEqual({ items: [{ refused }, { refused }] })
  })
})

describe("settings", () => {
  const faults = (more: JsonObject) =>
    s3.settings
      .safeParse({ region: "eu-central-1", bucket, ...more })
      .error?.issues.map(issue => issue.path.join("/")) ?? []

  it("need no address for Amazon's own", () => {
    expect(objectUrl(s3.settings.parse({ region: "eu-central-1", bucket }), "a/b")).toBe(
      `https://${bucket}.s3.eu-central-1.amazonaws.com/a/b`,
    )
    expect(s3.check(s3.settings.parse({ region: "eu-central-1", bucket }), outboundFor([]))).toEqual([])
  })

  it.each<[string, JsonObject, readonly string[]]>([
    ["a bucket with capitals", { bucket: "Audit" }, ["bucket"]],
    ["a bucket that is an IP", { bucket: "10.0.0.1", pathStyle: true }, ["bucket"]],
    ["a bucket that is a path", { bucket: "a/../b", pathStyle: true }, ["bucket"]],
    ["a bucket that changes the host", { bucket: "evil.example.com#", pathStyle: true }, ["bucket"]],
    ["a bucket with a dot before a host", { bucket: "a.b.c" }, ["pathStyle"]],
    ["a bucket before an IP", { url: "https://192.0.2.1" }, ["pathStyle"]],
    ["a bucket before an IPv6", { url: "https://[2001:db8::1]:9000" }, ["pathStyle"]],
    ["a prefix that climbs", { prefix: "a/../b" }, ["prefix"]],
    ["a prefix with slashes around it", { prefix: "/a/" }, ["prefix"]],
    ["a prefix with a query", { prefix: "a?b=c" }, ["prefix"]],
    ["a region that changes the host", { region: "eu.evil.example.com/" }, ["region"]],
  ])("with %s are refused in their place", (_, more, expected) => {
    expect(faults(more)).toEqual(expected)
  })
})

it("the command of the page counts the events of the objects", async () => {
  const { write, prefix } = await openSink()
  await write(batchOf([{ operation: "a.create" }, { operation: "b.delete" }]))
  await write(batchOf([{ operation: "a.create" }], { first: 2 }))
  const folder = await mkdtemp(path.join(os.tmpdir(), "auditorium-s3-page-"))
  const own = store.paths.filter(one => one.includes(`/${prefix}/`))
  for (const [position, one] of own.entries())
    await writeFile(path.join(folder, `${position}.jsonl.gz`), gzipSync((await store.lines(one)).join("\n")))
  const [command = ""] = sinkPage("s3").blocks("sh")
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", command], { cwd: folder })
  await rm(folder, { recursive: true })
  expect(stdout.trim().split(/\s+/)).toEqual(["2", "a.create", "1", "b.delete"])
})

it("the page of the kind documents every setting, and its example fits", () => {
  const page = sinkPage("s3")
  expect(s3.settings.parse(page.settings)).toMatchObject(page.settings)
  const names = [...s3.fields.map(field => field.name)]
  expect([...page.documented].sort()).toEqual(names.sort())
})
