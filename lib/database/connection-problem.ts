import { sqlState } from "./errors"

/** The explanation of a wrong database url for the person who set it, by the SQLSTATE of the refusal. */
const refusals: Readonly<Record<string, (named: Named) => string>> = {
  "28P01": ({ role }) => `the server refused the password of the role ${role}.`,
  "28000": ({ role }) => `the server does not let the role ${role} sign in from here.`,
  "3D000": ({ database, role }) =>
    `the server has no database ${database}. Create it: CREATE DATABASE "${database}" OWNER "${role}".`,
  "42501": ({ database, role }) => `the role ${role} may not connect to the database ${database}.`,
  "53300": () => "the server has no free connection.",
  "57P03": () => "the server is starting or ending; try again in a moment.",
}

/** The same by the error code of the socket or of TLS. */
const unreachable: Readonly<Record<string, (named: Named) => string>> = {
  ECONNREFUSED: ({ at }) => `nothing listens at ${at}.`,
  ECONNRESET: ({ at }) => `the server at ${at} closed the connection.`,
  ETIMEDOUT: ({ at }) => `nothing answers at ${at}.`,
  EHOSTUNREACH: ({ at }) => `there is no way to ${at}.`,
  ENETUNREACH: ({ at }) => `there is no way to ${at}.`,
  ENOTFOUND: ({ host }) => `there is no host ${host}.`,
  EAI_AGAIN: ({ host }) => `the name ${host} cannot be resolved just now.`,
  DEPTH_ZERO_SELF_SIGNED_CERT: ({ at }) => `the certificate of ${at} is not trusted (self-signed).`,
  SELF_SIGNED_CERT_IN_CHAIN: ({ at }) => `the certificate of ${at} is not trusted (self-signed).`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ({ at }) => `the certificate of ${at} is not trusted.`,
  CERT_HAS_EXPIRED: ({ at }) => `the certificate of ${at} has expired.`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ at }) => `the certificate of ${at} is for another host.`,
}

interface Named {
  readonly role: string
  readonly database: string
  readonly host: string
  readonly at: string
}

/**
 * Returns one sentence that names the variable and the reason why no connection was made, without the password; null when
 * the error is about something else.
 */
export function connectionProblem(error: unknown, variable: string, url: string): string | null {
  const named = namesOf(url)
  for (const layer of layersOf(error)) {
    const code = sqlState(layer) ?? Reflect.get(layer, "code")
    const words = typeof code === "string" ? (refusals[code] ?? unreachable[code]) : undefined
    if (words !== undefined) return `${variable}: ${words(named)}`
    const message = layer instanceof Error ? layer.message : ""
    if (message.includes("does not support SSL")) return `${variable}: the server at ${named.at} has no TLS.`
    if (message.includes("SASL: SCRAM-SERVER-FIRST-MESSAGE"))
      return `${variable}: the role ${named.role} needs a password, and none is given.`
    if (/Connection terminated|timeout expired/.test(message))
      return `${variable}: the server at ${named.at} did not answer in time.`
  }
  return null
}

function namesOf(url: string): Named {
  const parsed = new URL(url)
  const host = parsed.hostname || "localhost"
  return {
    role: decodeURIComponent(parsed.username),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    host,
    at: `${host} port ${parsed.port || "5432"}`,
  }
}

/** The error, its causes, and, where several ips were tried, the error of each. */
function layersOf(error: unknown): readonly object[] {
  if (typeof error !== "object" || error === null) return []
  const inner: unknown[] = [
    Reflect.get(error, "cause"),
    ...(error instanceof AggregateError ? error.errors : []),
  ]
  return [error, ...inner.flatMap(layersOf)]
}
