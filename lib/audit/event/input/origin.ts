import type { Http, Source } from "@/lib/audit/event/event"
import type { EventInput, HttpInput, SourceInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import { canonicalAddress, originAddress } from "@/lib/audit/ip"
import { present } from "@/lib/audit/json/value"
import { type Fields, namesOf } from "./fields"

const sourceFields = namesOf<SourceInput>({ ip: true, peerIp: true, userAgent: true })
const serverSourceFields = new Map([
  ["ipText", "is given by the server; send the origin as ip, whatever text it is"],
])

/** Reads the source of an event: any text, and the ip in it, if there is one. */
export function readSource(fields: Fields<EventInput>): Source | undefined {
  const source = fields.object("source")
  if (source === undefined) return undefined
  source.allowOnly(sourceFields, serverSourceFields)
  const ipText = source.text("ip", eventLimits.sourceLength)
  const peerText = source.text("peerIp", eventLimits.sourceLength)
  const peerIp = peerText === undefined ? undefined : canonicalAddress(peerText)
  if (peerIp === null) source.fault("peerIp", "must be an IP address")
  const userAgent = source.text("userAgent", eventLimits.userAgentLength)
  if (ipText === undefined && peerIp === undefined && userAgent === undefined) return undefined
  return present({
    ip: ipText === undefined ? null : originAddress(ipText),
    ipText: ipText ?? "",
    peerIp: peerIp ?? undefined,
    userAgent,
  })
}

const httpFields = namesOf<HttpInput>({
  method: true,
  path: true,
  route: true,
  status: true,
  durationMs: true,
  requestBytes: true,
  responseBytes: true,
})

/** Reads the HTTP request of an event, if there is one. */
export function readHttp(fields: Fields<EventInput>): Http | undefined {
  const http = fields.object("http")
  if (http === undefined) return undefined
  http.allowOnly(httpFields)
  return present({
    method: http.text("method", eventLimits.httpMethodLength),
    path: http.text("path", eventLimits.httpPathLength),
    route: http.text("route", eventLimits.httpPathLength),
    status: http.integer("status", 0, 999),
    durationMs: http.amount("durationMs"),
    requestBytes: http.integer("requestBytes", 0, Number.MAX_SAFE_INTEGER),
    responseBytes: http.integer("responseBytes", 0, Number.MAX_SAFE_INTEGER),
  })
}
