import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { readCaptureEnvironment } from "@/lib/audit/capture/clearml-environment"
import type { JsonValue } from "@/lib/audit/json/value"
import { outbound } from "@/lib/outbound/guard"
import { sinkKindNamed } from "./kinds"
import { isForServerSink, serverSink, serverSinkId } from "./server-sink"

/** Returns the sink of lines as ClearML's documentation prints them: `NAME=value`, or `NAME: value`. */
function sinkOf(lines: string) {
  const pairs = lines
    .trim()
    .split("\n")
    .map(line => /^\s*(\w+)(?:=|: )(.*)$/.exec(line) ?? [])
  const source = Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value]))
  const { environment, problems } = readCaptureEnvironment(source, null)
  expect(problems).toEqual([])
  return serverSink(environment.adapter)
}

const rawLog = `
CLEARML__APISERVER__log_calls=true
CLEARML__APISERVER__apilog__adapter=raw_log`

const logging = `
CLEARML__apiserver__log_calls=true
CLEARML__apiserver__apilog__adapter=logging
CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__host=127.0.0.1
CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__port=24224`

const elastic = `
CLEARML__apiserver__log_calls=true
CLEARML__apiserver__apilog__adapter=elastic
CLEARML__apiserver__apilog__adapters__elastic__init_timout_sec: 60
CLEARML__apiserver__apilog__adapters__elastic__bulk_enabled: true
CLEARML__apiserver__apilog__adapters__elastic__bulk_write_delay_sec: 5
CLEARML__apiserver__apilog__adapters__elastic__bulk_write_timeout_sec: 15
CLEARML__apiserver__apilog__adapters__elastic__bulk_min_items: 100`

describe("the sink of ClearML's environment", () => {
  it("is made by each block of its page, as it is printed there", () => {
    const page = readFileSync("docs/sinks/clearml.md", "utf8")
    const blocks = [...page.matchAll(/```ini\n([\s\S]*?)```/g)].map(([, block = ""]) => block)
    const kinds = blocks.map(block => sinkOf(`${block}CLEARML_ELASTIC_SERVICE_HOST=es`)?.kind)
    expect(kinds).toEqual(["stdout", "fluentd", "elasticsearch"])
    for (const lines of [rawLog, logging.replace("127.0.0.1", "<fluentd_host>"), elastic])
      expect(page).toContain(lines)
  })

  it("is the standard output for raw_log, as the documentation prints it", () => {
    expect(sinkOf(rawLog)).toEqual({
      id: serverSinkId,
      name: "raw_log (environment)",
      kind: "stdout",
      settings: {},
      version: 1,
      format: "clearml",
      redactIdentity: false,
      omit: ["version"],
      setBy: ["CLEARML__APISERVER__apilog__adapter"],
      operatorHosts: [],
    })
  })

  it("is Fluentd for logging, unencrypted and allowed for its host and port alone", () => {
    expect(sinkOf(logging)).toMatchObject({
      kind: "fluentd",
      settings: {
        host: "127.0.0.1",
        port: 24_224,
        tls: false,
        tag: "clearml.apiserver.api-logs",
        suffix: "none",
      },
      operatorHosts: [{ host: "127.0.0.1", port: 24_224 }],
    })
  })

  it("is Elasticsearch for elastic, with the five settings as printed", () => {
    const host = "CLEARML_ELASTIC_SERVICE_HOST=es.internal"
    expect(sinkOf(`${elastic}\n${host}`)).toMatchObject({
      kind: "elasticsearch",
      settings: {
        url: "http://es.internal:9200",
        index: "clearml.apiserver.api-logs",
        suffix: "none",
        initTimeoutSeconds: 60,
        bulkEnabled: true,
        bulkWriteDelaySeconds: 5,
        bulkWriteTimeoutSeconds: 15,
        bulkMinItems: 100,
      },
      operatorHosts: [{ host: "es.internal", port: 9_200 }],
    })
  })

  it("has settings that its kind takes, and the format among those of the kind", () => {
    const host = "CLEARML_ELASTIC_SERVICE_HOST=es.internal"
    for (const lines of [rawLog, logging, `${elastic}\n${host}`]) {
      const sink = sinkOf(lines)
      const kind = sinkKindNamed(sink?.kind ?? "")
      expect(kind?.settings.parse(sink?.settings)).toMatchObject(sink?.settings ?? { none: true })
      expect(kind?.formats).toContain(sink?.format)
      expect(kind?.credentials.filter(({ required }) => required)).toEqual([])
    }
  })

  it("may connect to its hosts without OUTBOUND_ALLOW, and no sink of an organization may because of that", () => {
    const nodes =
      'CLEARML__hosts__elastic__apilog__hosts=[{host: "10.0.0.7", port: 9200}, {host: "::1", port: 1}]'
    const internal = [logging, logging.replace("127.0.0.1", "localhost"), `${elastic}\n${nodes}`]
    for (const lines of internal) {
      const sink = sinkOf(lines)
      if (!sink) throw new Error("There is a sink.")
      const kind = sinkKindNamed(sink.kind)
      const settings = kind?.settings.parse(sink.settings)
      const { operatorHosts } = sink
      expect(kind?.check(settings, outbound({ allow: [], operatorHosts }))).toEqual([])
      const refusals = kind?.check(settings, outbound({ allow: [] })) ?? []
      expect(refusals.length).toBeGreaterThan(0)
      for (const { message } of refusals) expect(message).toContain("OUTBOUND_ALLOW")
      const another = { host: operatorHosts[0]?.host ?? "", port: 9, tls: null }
      expect(outbound({ allow: [], operatorHosts }).check(another)).not.toBeNull()
    }
  })

  it("has the standard values where the optional settings are not given", () => {
    const [, adapter] = elastic.trim().split("\n")
    const host = "CLEARML_ELASTIC_SERVICE_HOST=es.internal"
    expect(sinkOf(`${adapter}\n${host}`)?.settings).toEqual(sinkOf(`${elastic}\n${host}`)?.settings)
  })

  it("knows every node of a cluster, by name or by ip of either family", () => {
    const hosts =
      'CLEARML__hosts__elastic__apilog__hosts=[{host: "::1", port: 9201, scheme: https}, {host: b}]'
    expect(sinkOf(`${elastic}\n${hosts}`)).toMatchObject({
      settings: { url: "https://[::1]:9201", otherUrls: ["http://b:9200"] },
      operatorHosts: [
        { host: "::1", port: 9_201 },
        { host: "b", port: 9_200 },
      ],
    })
  })

  it("has the suffix of the rotation, and a tag of one's own", () => {
    const more = "CLEARML__apiserver__apilog__rotation__time=quarterly"
    expect(sinkOf(`${logging}\n${more}`)?.settings).toMatchObject({ suffix: "quarterly" })
    const tag = "CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__tag=ours"
    expect(sinkOf(`${logging}\n${tag}`)?.settings).toMatchObject({ tag: "ours" })
  })

  it("writes the version of the API only where the variable asks for it", () => {
    const version = "CLEARML__apiserver__apilog__log_fields__version__enabled=true"
    expect(sinkOf(`${rawLog}\n${version}`)?.omit).toEqual([])
  })

  it("does not exist without an adapter, nor without a host to send to", () => {
    expect(sinkOf("CLEARML__apiserver__log_calls=true")).toBeNull()
    expect(sinkOf("CLEARML__apiserver__apilog__adapter=logging")).toBeNull()
    expect(sinkOf("CLEARML__apiserver__apilog__adapter=elastic")).toBeNull()
  })

  it("exists, and is the same one, whether or not calls are logged", () => {
    const off = rawLog.replace("log_calls=true", "log_calls=false")
    expect(sinkOf(off)).toEqual(sinkOf(rawLog))
    expect(sinkOf(logging)?.id).toBe(sinkOf(rawLog)?.id)
  })

  it("means recorded calls and nothing else of the log", () => {
    const isMeant = (metadata: Parameters<typeof isForServerSink>[0]["metadata"]) =>
      isForServerSink({ metadata })
    expect(isMeant({ call: { endpoint: "users.login" } })).toBe(true)
    const others: readonly JsonValue[] = [null, "a", [], {}, { endpoint: 1 }]
    for (const call of others) expect(isMeant({ call })).toBe(false)
    expect(isMeant({})).toBe(false)
  })
})
