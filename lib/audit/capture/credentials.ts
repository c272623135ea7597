import { Buffer } from "node:buffer"
import { isObject, type JsonObject, type JsonValue } from "@/lib/audit/json/value"
import type { Call, Headers } from "./call"
import { headerOf } from "./headers"

/** Longer tokens are not read: a server refuses a head that long. */
const longestToken = 16_384

/**
 * Returns whether the target took the credentials of the call for what they say: it answered, and not with 401 or 403. Nothing
 * here can check a password or a signature, and a target that asks for none answers to a forged one as well.
 */
export function isBelieved({ status, failure }: Pick<Call, "status" | "failure">): boolean {
  if (failure === "unreachable" || failure === "timeout") return false
  return status !== null && status !== 401 && status !== 403 && status !== 407
}

/** Returns the token of a Bearer authorization; undefined for another scheme and for more than one authorization. */
export function bearerOf(headers: Headers): string | undefined {
  return /^bearer +([^\s,]+)$/i.exec(headerOf(headers, "authorization")?.trim() ?? "")?.[1]
}

/** Returns the user of a Basic authorization; undefined for another scheme, an empty user and what is no base64. */
export function basicUserOf(headers: Headers): string | undefined {
  const encoded = /^basic +([a-z0-9+/_-]+={0,2})$/i.exec(
    headerOf(headers, "authorization")?.trim() ?? "",
  )?.[1]
  if (encoded === undefined || encoded.length > longestToken) return undefined
  const decoded = Buffer.from(encoded, "base64").toString("utf8")
  const colon = decoded.indexOf(":")
  return colon > 0 ? decoded.slice(0, colon) : undefined
}

/** Returns the claims of a JWT, which nothing has verified. Undefined for any other token, encrypted ones included. */
export function claimsOf(token: string | undefined): JsonObject | undefined {
  if (token === undefined || token.length > longestToken) return undefined
  return objectIn(/^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(token)?.[1])
}

function objectIn(part = ""): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(Buffer.from(part, "base64url").toString("utf8"))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
