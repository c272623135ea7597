import { createHash, timingSafeEqual } from "node:crypto"
import { endpointAddress, ipSet } from "@/lib/audit/ip"
import { readFigures } from "@/lib/delivery/sinks/figures"
import { AppError } from "@/lib/errors"
import { version } from "@/lib/operations/core/version"
import { platform } from "@/lib/platform"
import { callerOf } from "./caller"
import { reportFailure } from "./failures"
import { answerHeaders } from "./headers"
import { metricsText } from "./metrics-text"
import { problemDialect, toAppError } from "./problem"
import type { RouteHandler } from "./route"

/** Set by our own server; values from a client are removed. */
const peerHeader = "x-auditorium-peer"
const forwardedHeader = "x-auditorium-forwarded"

const loopback = ipSet(["127.0.0.0/8", "::1/128"])
const textFormat = "text/plain; version=0.0.4; charset=utf-8"

/**
 * Answers the figures of the whole installation, for Prometheus: to the holder of METRICS_TOKEN, or, while none is set, to a direct
 * connection from this machine. They contain no content of events.
 */
export const answerMetrics: RouteHandler = async request => {
  const { requestId } = callerOf(request.headers)
  try {
    refuseStrangers(request.headers, platform().env.metricsToken)
    const figures = await readFigures(platform().database.queryDirectly)
    const text = metricsText(figures, { version, now: Date.now() / 1000 })
    return new Response(text, { headers: answerHeaders(textFormat, requestId) })
  } catch (thrown) {
    const error = toAppError(thrown)
    reportFailure({ error, operation: "metrics", requestId })
    return problemDialect.refuse(error, requestId)
  }
}

function refuseStrangers(headers: Headers, token: string | null): void {
  if (token !== null) {
    const [, given = ""] = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "") ?? []
    if (isSame(given, token)) return
    throw new AppError("unauthenticated", "Send METRICS_TOKEN as a bearer token.")
  }
  if (isDirectFromHere(headers)) return
  throw new AppError(
    "forbidden",
    "Without METRICS_TOKEN, metrics are only for a direct connection from the machine of the server.",
  )
}

// Behind a proxy on this machine, every connection comes from it: one that was forwarded says so.
function isDirectFromHere(headers: Headers): boolean {
  if (headers.get(forwardedHeader) !== "0") return false
  const peer = endpointAddress(headers.get(peerHeader) ?? "")
  return peer !== null && loopback.has(peer)
}

/** Compares in a time that says nothing about the token. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest()
  return timingSafeEqual(hash(given), hash(token))
}
