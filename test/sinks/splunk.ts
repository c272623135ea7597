import { isArray, isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import { hasUuidShape } from "@/lib/audit/uuid"
import { type ArrivedRequest, type HttpPeer, type PeerAnswer, startHttpPeer } from "./http-peer"
import { objectsIn } from "./splunk-objects"

// A stand-in for Splunk's HTTP Event Collector. What it takes and answers is documented at
// https://docs.splunk.com/Documentation/Splunk/9.4.0/Data/FormateventsforHTTPEventCollector (the objects),
// .../Data/TroubleshootHTTPEventCollector (the codes) and .../Data/AboutHECIDXAck (acknowledgment). What they leave open is done as
// reported of real servers: https://github.com/moby/moby/issues/35862 (events before an invalid one are indexed, those after it not).
// The documented curl lines are run against it too.

/** What a test makes it do. All are read at each request. */
export interface CollectorRules {
  tokens: readonly string[]
  disabledTokens: readonly string[]
  /** Indexes that the token may write to. */
  indexes: readonly string[]
  /** Null: the token has no indexer acknowledgment. Otherwise how often "not yet" is answered before the confirmation. */
  confirmsAfter: number | null
  mostBytes: number
  /** Returns the answer to a request instead of its own; null = none. */
  answerTo: (request: ArrivedRequest) => PeerAnswer | null
  /** Returns why an event is refused, as a code with its text; null takes it. */
  refuse: (event: JsonObject) => readonly [code: number, text: string] | null
}

export interface TestCollector extends HttpPeer {
  readonly rules: CollectorRules
  /** Takes back what a test has made it do. */
  reset(): void
  /** Every indexed object as it arrived. */
  readonly indexed: readonly JsonObject[]
}

function standardRules(token: string): CollectorRules {
  return {
    tokens: [token],
    disabledTokens: [],
    indexes: ["main"],
    confirmsAfter: null,
    mostBytes: 1024 * 1024,
    answerTo: () => null,
    refuse: () => null,
  }
}

/** Starts a collector with one token. */
export async function startCollector(token: string): Promise<TestCollector> {
  const indexed: JsonObject[] = []
  const rules = standardRules(token)
  const acks: Acks = new Map()
  const peer = await startHttpPeer(
    request => answer(request, rules, { indexed, acks }),
    said(503, 9, "Server is busy"),
  )
  return { ...peer, rules, indexed, reset: () => void Object.assign(rules, standardRules(token)) }
}

/** By channel: how often each id that is not yet confirmed was asked for. */
type Acks = Map<string, { next: number; readonly asked: Map<number, number> }>

interface State {
  readonly indexed: JsonObject[]
  readonly acks: Acks
}

function answer(request: ArrivedRequest, rules: CollectorRules, state: State): PeerAnswer {
  const instead = rules.answerTo(request)
  if (instead !== null) return instead
  const { method, url, body } = request
  const { pathname, search } = new URL(url, "http://x")
  if (search.includes("token=")) return said(400, 16, "Query string authorization is not enabled")
  if (body.byteLength > rules.mostBytes)
    return {
      status: 413,
      body: `Content-Length of ${body.byteLength} too large (maximum is ${rules.mostBytes})`,
    }
  if (method !== "POST") return said(405, 405, "Method Not Allowed")
  const refused = unauthorised(request, rules) ?? badChannel(request, rules)
  if (refused !== null) return refused
  if (pathname === "/services/collector/ack") return acknowledged(request, rules, state)
  if (
    !["/services/collector", "/services/collector/event", "/services/collector/event/1.0"].includes(pathname)
  )
    return said(404, 404, "The requested URL was not found on this server.")
  return collected(request, rules, state)
}

function unauthorised(
  { headers }: ArrivedRequest,
  { tokens, disabledTokens }: CollectorRules,
): PeerAnswer | null {
  const { authorization } = headers
  if (authorization === undefined) return said(401, 2, "Token is required")
  const token = /^Splunk (\S+)$/.exec(authorization)?.[1]
  if (token === undefined) return said(401, 3, "Invalid authorization")
  if (disabledTokens.includes(token)) return said(403, 1, "Token disabled")
  return tokens.includes(token) ? null : said(403, 4, "Invalid token")
}

function channelOf({ headers, url }: ArrivedRequest): string | null {
  const header = headers["x-splunk-request-channel"]
  if (typeof header === "string") return header
  return new URL(url, "http://x").searchParams.get("channel")
}

function badChannel(request: ArrivedRequest, { confirmsAfter }: CollectorRules): PeerAnswer | null {
  const channel = channelOf(request)
  if (channel === null) return confirmsAfter === null ? null : said(400, 10, "Data channel is missing")
  return hasUuidShape(channel) ? null : said(400, 11, "Invalid data channel")
}

function collected(request: ArrivedRequest, rules: CollectorRules, { indexed, acks }: State): PeerAnswer {
  const text = request.body.toString("utf8")
  if (text.trim() === "") return said(400, 5, "No data")
  for (const [position, event] of objectsIn(text).entries()) {
    const fault = event === null ? ([6, "Invalid data format"] as const) : faultOf(event, rules)
    if (fault !== null) return said(400, ...fault, { "invalid-event-number": position })
    if (event !== null) indexed.push(event)
  }
  const channel = channelOf(request)
  if (rules.confirmsAfter === null || channel === null) return said(200, 0, "Success")
  const own = acks.get(channel) ?? { next: 0, asked: new Map<number, number>() }
  acks.set(channel, own)
  const ackId = own.next++
  own.asked.set(ackId, 0)
  return said(200, 0, "Success", { ackId })
}

const members = new Set(["time", "host", "source", "sourcetype", "index", "event", "fields"])

function faultOf(object: JsonObject, { indexes, refuse }: CollectorRules): readonly [number, string] | null {
  const { event, fields, time, index, ...texts } = object
  if (event === undefined) return [12, "Event field is required"]
  if (event === "" || event === null) return [13, "Event field cannot be blank"]
  if (typeof index === "string" && !indexes.includes(index)) return [7, "Incorrect index"]
  const areTexts = Object.entries(texts).every(
    ([name, value]) => members.has(name) && typeof value === "string",
  )
  if (!areTexts) return [6, "Invalid data format"]
  const isFlat = fields === undefined || (isObject(fields) && Object.values(fields).every(isFieldValue))
  if (!isFlat || (time !== undefined && typeof time !== "number"))
    return [15, "Error in handling indexed fields"]
  return isObject(event) ? refuse(event) : null
}

function isFieldValue(value: JsonValue): boolean {
  return typeof value === "string" || (isArray(value) && value.every(one => typeof one === "string"))
}

function acknowledged(
  request: ArrivedRequest,
  { confirmsAfter }: CollectorRules,
  { acks }: State,
): PeerAnswer {
  if (confirmsAfter === null) return said(400, 14, "ACK is disabled")
  const [question = null] = objectsIn(request.body.toString("utf8"))
  const asked = isObject(question) && isArray(question.acks) ? question.acks : null
  if (asked === null || !asked.every(Number.isInteger)) return said(400, 6, "Invalid data format")
  const ids = acks.get(channelOf(request) ?? "")?.asked
  const results = asked.map(Number).map(id => {
    const times = ids?.get(id)
    if (times === undefined) return [id, false] as const
    const isIndexed = times >= confirmsAfter
    // Told once, it is forgotten.
    if (isIndexed) ids?.delete(id)
    else ids?.set(id, times + 1)
    return [id, isIndexed] as const
  })
  return { status: 200, body: JSON.stringify({ acks: Object.fromEntries(results) }) }
}

function said(status: number, code: number, text: string, more: JsonObject = {}): PeerAnswer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text, code, ...more }),
  }
}
