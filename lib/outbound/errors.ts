import { OutboundError } from "./outbound"

/** Returns the error in our own words: what the other side has sent (names in its certificate, its bytes) is not among them. */
export function unreachableError(place: string, error: unknown): OutboundError {
  if (error instanceof OutboundError) return error
  const code = codeOf(error)
  const words =
    reachWords[code] ??
    (/^E?AI_|^EAI|^ENODATA$|^ESERVFAIL$|^EREFUSED$/.test(code) ? reachWords.EAI_AGAIN : null)
  if (words !== null && words !== undefined)
    return new OutboundError("unreachable", `${place} ${words}.`, { cause: error })
  if (code === "ETIMEDOUT")
    return new OutboundError("timeout", `${place} did not answer in time.`, { cause: error })
  return new OutboundError("unreachable", `${place} cannot be reached${inBrackets(code)}.`, { cause: error })
}

const reachWords: Readonly<Record<string, string | undefined>> = {
  ENOTFOUND: "cannot be reached: its name is not known",
  EAI_AGAIN: "cannot be reached: its name could not be looked up just now",
  ECONNREFUSED: "cannot be reached: nothing listens there",
  EHOSTUNREACH: "cannot be reached: there is no way to that host",
  ENETUNREACH: "cannot be reached: there is no way to that network",
  ECONNRESET: "closed the connection at once",
}

/** Returns why the TLS handshake failed. */
export function tlsError(place: string, error: unknown): OutboundError {
  if (error instanceof OutboundError) return error
  const code = codeOf(error)
  if (code === "ECONNRESET" || code === "EPIPE")
    return new OutboundError("broken", `${place} closed the connection instead of beginning TLS.`, {
      cause: error,
    })
  if (code === "ETIMEDOUT")
    return new OutboundError("timeout", `${place} did not answer in time.`, { cause: error })
  const fault = certificateFault(code)
  if (fault !== null)
    return new OutboundError(
      "tls",
      `${place} could not prove who it is: its certificate is not trusted (${fault}).`,
      { cause: error },
    )
  const words = /WRONG_VERSION_NUMBER|PACKET_LENGTH|UNKNOWN_PROTOCOL|HTTP_REQUEST/.test(code)
    ? "does not speak TLS"
    : "and this server could not agree on TLS"
  return new OutboundError("tls", `${place} ${words}${inBrackets(code)}.`, { cause: error })
}

function certificateFault(code: string): string | null {
  if (code === "CERT_HAS_EXPIRED") return "it has expired"
  if (code === "CERT_NOT_YET_VALID") return "it is not valid yet"
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID" || code === "HOSTNAME_MISMATCH") return "it is for another name"
  if (code === "DEPTH_ZERO_SELF_SIGNED_CERT") return "it is self-signed"
  if (/^(?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|INVALID_\w+|ERR_TLS_CERT_\w+)$/.test(code))
    return "no authority that is trusted here has signed it"
  return null
}

/** Returns why an HTTP exchange ended early. */
export function exchangeError(place: string, error: unknown): OutboundError {
  if (error instanceof OutboundError) return error
  const code = codeOf(error)
  // Errors of the parser contain the bytes that it could not read.
  if (/^HPE_/.test(code))
    return new OutboundError("broken", `${place} did not answer as HTTP does${inBrackets(code)}.`)
  return new OutboundError("broken", `${place} closed the connection before its answer was complete.`, {
    cause: error,
  })
}

function codeOf(error: unknown): string {
  const { code, errors } = Object(error)
  if (typeof code === "string" && code !== "") return code
  // Several ips were tried.
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : ""
}

function inBrackets(code: string): string {
  return /^\w{1,60}$/.test(code) ? ` (${code})` : ""
}
