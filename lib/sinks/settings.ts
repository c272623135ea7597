import { z } from "zod"
import type { Outbound } from "@/lib/outbound/outbound"
import type { SettingField } from "./sink"

const longestUrl = 2_000

/** The address of a receiver over HTTP: without a slash at its end, user information, query or fragment. */
export const baseUrl = z
  .string()
  .max(longestUrl)
  .transform((text, context) => {
    const fault = baseUrlFault(text)
    if (fault === null) return new URL(text).href.replace(/\/+$/, "")
    context.addIssue({ code: "custom", message: fault })
    return z.NEVER
  })

function baseUrlFault(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !["http:", "https:"].includes(url.protocol))
    return "must be an address that begins with https:// (or http://, where OUTBOUND_ALLOW permits it)"
  if (url.username !== "" || url.password !== "")
    return "may not contain a user or a password: use the credentials"
  // `href` also shows an empty query or fragment.
  if (/[?#]/.test(url.href)) return "may not contain a query or a fragment"
  return null
}

/** Certificates of one's own authorities. */
export const authority = z
  .string()
  .max(64 * 1024)
  .refine(
    text => /^\s*(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/.test(text),
    "must be one or more certificates in PEM, beginning with -----BEGIN CERTIFICATE-----",
  )

export const authorityField: SettingField = {
  name: "ca",
  label: "Certificate authority",
  help: "PEM. Only for a certificate that no public authority has signed; it replaces the public ones.",
  input: "pem",
}

/** A text that becomes a part of a header or of a name: printable, on one line. */
export function printable(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u, "must be printable text on one line")
}

/** Returns what is wrong with a credential that becomes a part of a header, in words; null when it fits. */
export function headerFault(value: string): string | null {
  if (value === "") return "must not be empty"
  if (value.length > 4_096) return "must have at most 4096 characters"
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)
    ? null
    : "must be printable ASCII on one line, without spaces around it"
}

/** The same for one that is encoded before it is sent, such as a password. */
export function textFault(value: string): string | null {
  if (value === "") return "must not be empty"
  if (value.length > 4_096) return "must have at most 4096 characters"
  return /[\p{Cc}\p{Cs}]/u.test(value) ? "must be text on one line" : null
}

/** Returns the faults of an address that a setting holds. */
export function urlFaults(outbound: Outbound, pointer: string, url: string) {
  const message = outbound.checkUrl(url)
  return message === null ? [] : [{ pointer, message }]
}
