import { Buffer } from "node:buffer"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { type Action, bulkLines, RequestFault } from "./elasticsearch-bulk"
import { filtered } from "./elasticsearch-filter"
import { type ArrivedRequest, type HttpPeer, type PeerAnswer, startHttpPeer } from "./http-peer"

// A stand-in for Elasticsearch and OpenSearch. What it takes and answers is documented at
// https://www.elastic.co/guide/en/elasticsearch/reference/8.17/docs-bulk.html (bulk writes, results by item),
// .../docs-index_.html (_create), .../indices-create-index.html (names), .../common-options.html (filter_path),
// .../data-streams.html (only `create`, and @timestamp) and https://docs.opensearch.org/latest/api-reference/document-apis/bulk/.
// It is stricter than they are: what a client need not send is refused. `helpers.bulk` of @opensearch-project/opensearch is run
// against it too, so that it does not become what our own client expects.

/** What a test makes it do. All are read at each request. */
export interface ClusterRules {
  /** Requests with more bytes get 413. */
  mostBytes: number
  /** Returns the status and error of a document that is not stored; null stores it. */
  refuse: (
    action: Action,
  ) => { readonly status: number; readonly type: string; readonly reason: string } | null
  /** Changes the items of a bulk answer. */
  items: (items: readonly JsonObject[]) => readonly JsonValue[]
  /** Accepted values of the Authorization header; null accepts everybody. */
  authorizations: readonly string[] | null
  /** Whether `filter_path` is left out of account, as by a proxy that drops queries. */
  ignoresFilter: boolean
  dataStreams: readonly string[]
}

export interface TestCluster extends HttpPeer {
  readonly rules: ClusterRules
  /** Takes back what a test has made it do. */
  reset(): void
  /** Every document in the order in which they were stored. */
  readonly documents: readonly StoredDocument[]
}

export interface StoredDocument {
  readonly index: string
  readonly id: string
  readonly document: JsonObject
}

const version = { number: "8.17.0", build_flavor: "default", minimum_wire_compatibility_version: "7.17.0" }

function standardRules(): ClusterRules {
  return {
    mostBytes: 100 * 1024 * 1024,
    refuse: () => null,
    items: items => items,
    authorizations: null,
    ignoresFilter: false,
    dataStreams: [],
  }
}

/** Starts an empty cluster of one node. */
export async function startCluster(): Promise<TestCluster> {
  const documents: StoredDocument[] = []
  const rules = standardRules()
  const busy = failed(429, "circuit_breaking_exception", "[parent] Data too large")
  const peer = await startHttpPeer(request => answer(request, rules, documents), busy)
  return { ...peer, rules, documents, reset: () => void Object.assign(rules, standardRules()) }
}

type Documents = StoredDocument[]

function answer(request: ArrivedRequest, rules: ClusterRules, documents: Documents): PeerAnswer {
  const { authorization } = request.headers
  if (rules.authorizations !== null && !rules.authorizations.includes(authorization ?? ""))
    return failed(
      401,
      "security_exception",
      `unable to authenticate with provided credentials: ${authorization}`,
    )
  if (request.body.byteLength > rules.mostBytes) return { status: 413 }
  try {
    const { status, body } = routed(request, rules, documents)
    const filter = new URL(request.url, "http://x").searchParams.get("filter_path")
    const shown = filter === null || rules.ignoresFilter ? body : filtered(body, filter.split(","))
    return json(status, shown)
  } catch (error) {
    if (error instanceof RequestFault) return failed(error.status, error.type, error.message)
    throw error
  }
}

interface Routed {
  readonly status: number
  readonly body: JsonObject
}

function routed(request: ArrivedRequest, rules: ClusterRules, documents: Documents): Routed {
  const { method, url } = request
  const { pathname, searchParams } = new URL(url, "http://x")
  for (const name of searchParams.keys())
    if (!["filter_path", "refresh", "pipeline", "timeout", "human", "pretty"].includes(name))
      throw new RequestFault(
        400,
        "illegal_argument_exception",
        `request [${pathname}] contains unrecognized parameter: [${name}]`,
      )
  const parts = pathname.split("/").slice(1).map(decodeURIComponent)
  const [first = "", second, third] = parts
  if (pathname === "/" && ["GET", "HEAD"].includes(method))
    return {
      status: 200,
      body: { name: "node-1", cluster_name: "test", version, tagline: "You Know, for Search" },
    }
  if (["POST", "PUT"].includes(method) && parts.at(-1) === "_bulk" && parts.length <= 2)
    return bulk(request, parts.length === 2 ? first : null, rules, documents)
  if (["POST", "PUT"].includes(method) && second === "_create" && third !== undefined)
    return createOne(request, { index: first, id: third }, rules, documents)
  if (["GET", "POST"].includes(method) && second === "_refresh")
    return { status: 200, body: { _shards: shards } }
  throw new RequestFault(
    400,
    "illegal_argument_exception",
    `no handler found for uri [${url}] and method [${method}]`,
  )
}

function bulk(
  request: ArrivedRequest,
  index: string | null,
  rules: ClusterRules,
  documents: Documents,
): Routed {
  contentType(request, ["application/x-ndjson", "application/json"])
  const items = bulkLines(request.body, index).map(action => ({
    [action.verb]: stored(action, rules, documents),
  }))
  const errors = items.some(item => Object.values(item).some(one => "error" in one))
  return { status: 200, body: { took: 3, errors, items: [...rules.items(items)] } }
}

function createOne(
  request: ArrivedRequest,
  { index, id }: { readonly index: string; readonly id: string },
  rules: ClusterRules,
  documents: Documents,
): Routed {
  contentType(request, ["application/json"])
  // A document alone is read as an action with it.
  const line = JSON.stringify({ create: { _index: index, _id: id } })
  const [action] = bulkLines(Buffer.from(`${line}\n${request.body.toString("utf8").trimEnd()}\n`), null)
  if (action === undefined) throw new RequestFault(400, "parse_exception", "request body is required")
  const { status, error, ...result } = stored(action, rules, documents)
  if (error === undefined) return { status: Number(status), body: result }
  return {
    status: Number(status),
    body: { error, status: Number(status) },
  }
}

const shards = { total: 2, successful: 1, failed: 0 }

/** Stores one document. Returns its item of the answer, as long as the real one. */
function stored(action: Action, rules: ClusterRules, documents: Documents): JsonObject {
  const { verb, index, id, document } = action
  const at = { _index: index, _id: id }
  const fail = (status: number, type: string, reason: string) => ({
    ...at,
    status,
    error: { type, reason, index },
  })
  const nameFault = faultOfName(index)
  if (nameFault !== null)
    return fail(400, "invalid_index_name_exception", `Invalid index name [${index}], ${nameFault}`)
  const isStream = rules.dataStreams.includes(index)
  if (isStream && verb !== "create")
    return fail(
      400,
      "illegal_argument_exception",
      "only write ops with an op_type of create are allowed in data streams",
    )
  if (isStream && document["@timestamp"] === undefined)
    return fail(
      400,
      "document_parsing_exception",
      "[1:2] data stream timestamp field [@timestamp] is missing",
    )
  const refused = rules.refuse(action)
  if (refused !== null) return fail(refused.status, refused.type, refused.reason)
  const earlier = documents.findIndex(one => one.index === index && one.id === id)
  if (verb === "create" && earlier >= 0)
    return fail(
      409,
      "version_conflict_engine_exception",
      `[${id}]: version conflict, document already exists (current version [1])`,
    )
  documents.splice(earlier < 0 ? documents.length : earlier, 1, { index, id, document })
  const numbers = { _version: 1, _shards: shards, _seq_no: documents.length - 1, _primary_term: 1 }
  const [result, status] = earlier < 0 ? (["created", 201] as const) : (["updated", 200] as const)
  return { ...at, ...numbers, result, status }
}

function faultOfName(name: string): string | null {
  if (name !== name.toLowerCase()) return "must be lowercase"
  if (/[\\/*?"<>| ,#:]/.test(name))
    return "must not contain the following characters [' ','\"','*','\\\\','<','|',',','>','/','?']"
  if (/^[-_+]/.test(name)) return "must not start with '_', '-', or '+'"
  if (name === "." || name === ".." || name === "") return "must not be '.' or '..'"
  return Buffer.byteLength(name) > 255 ? "index name is too long, (> 255)" : null
}

function contentType({ headers }: ArrivedRequest, accepted: readonly string[]): void {
  const [type = ""] = (headers["content-type"] ?? "").split(";")
  if (!accepted.includes(type.trim()))
    throw new RequestFault(
      406,
      "media_type_header_exception",
      `Content-Type header [${type}] is not supported`,
    )
}

function failed(status: number, type: string, reason: string): PeerAnswer {
  return json(status, { error: { root_cause: [{ type, reason }], type, reason }, status })
}

function json(status: number, body: JsonValue): PeerAnswer {
  const headers = { "content-type": "application/json", "x-elastic-product": "Elasticsearch" }
  return { status, headers, body: JSON.stringify(body) }
}
