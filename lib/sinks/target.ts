import { X509Certificate } from "node:crypto"
import type { Socket } from "node:net"
import { z } from "zod"
import type { Outbound, OutboundTarget } from "@/lib/outbound/outbound"
import { sinkErrorOf } from "./http"
import { authorityField } from "./settings"
import { type SettingField, SinkError } from "./sink"

// What the kinds that speak over a bare connection have in common: host, port, TLS, and how a failure to connect is named.

/** The settings of a connection. Without `tls` it is unencrypted. */
export interface TargetSettings {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** PEM certificates of the authority to trust instead of the public ones; empty = the public ones. */
  readonly ca: string
}

const plainHost = /^(?:[^\s/:@[\]]{1,253}|[0-9a-f:.]*:[0-9a-f:.]*)$/i

/** A host alone. An IPv6 address may be in brackets. */
export const hostSetting = z
  .string()
  .trim()
  .transform(text => text.replace(/^\[(.*)\]$/, "$1"))
  .refine(text => plainHost.test(text), "must be a host name or an IP alone: the port has a field of its own")

/** The members of a settings schema that every such kind has. */
export function targetSettings(port: number) {
  return {
    host: hostSetting,
    port: z.int().min(1).max(65_535).default(port),
    tls: z.boolean().default(true),
    ca: z.string().max(65_536).default(""),
  }
}

/** How a form asks for them. */
export function targetFields(port: number, hostPlaceholder: string): readonly SettingField[] {
  return [
    { name: "host", label: "Host", input: "text", placeholder: hostPlaceholder },
    { name: "port", label: "Port", input: "number", initial: port },
    {
      name: "tls",
      label: "TLS",
      help: "Without TLS, everybody on the way can read the events. Only OUTBOUND_ALLOW of the server permits it.",
      input: "switch",
      initial: true,
    },
    authorityField,
  ]
}

/** Returns where the settings lead to. */
export function targetOf({ host, port, tls, ca }: TargetSettings): OutboundTarget {
  if (!tls) return { host, port, tls: null }
  return { host, port, tls: ca.trim() === "" ? {} : { ca } }
}

/** Returns what keeps the settings from working, each with a pointer into them. */
export function checkTarget(
  settings: TargetSettings,
  outbound: Outbound,
): readonly { readonly pointer: string; readonly message: string }[] {
  const refusal = outbound.check(targetOf(settings))
  const certificates = settings.ca.trim() === "" ? null : faultOfCertificates(settings.ca)
  return [
    ...(refusal === null ? [] : [{ pointer: "/host", message: refusal }]),
    ...(certificates === null ? [] : [{ pointer: "/ca", message: certificates }]),
  ]
}

/** Returns what is wrong with a text that should be PEM certificates; null when it is nothing else. */
export function faultOfCertificates(pem: string): string | null {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    return "contains a private key: settings are not secret; enter the certificate of the authority alone"
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
  if (blocks === null) return "must be a PEM certificate: -----BEGIN CERTIFICATE----- ..."
  try {
    for (const block of blocks) new X509Certificate(block)
    return null
  } catch {
    return "contains a certificate that cannot be read"
  }
}

/** Returns a connected socket. Throws SinkError. */
export async function connectTo(
  outbound: Outbound,
  settings: TargetSettings,
  signal: AbortSignal,
): Promise<Socket> {
  try {
    return await outbound.connect(targetOf(settings), { timeoutMs: connectMs, signal })
  } catch (error) {
    if (signal.aborted) throw new SinkError("later", "The attempt was ended.", { cause: error })
    throw sinkErrorOf(error)
  }
}

const connectMs = 10_000

/** Returns what is wrong with a shared secret, in words; null when it fits. */
export function secretFault(secret: string): string | null {
  if (secret === "") return "must not be empty"
  if (secret.length > 4096) return "must have at most 4096 characters"
  return /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(secret) ? "must be text on one line" : null
}

/** Returns what another system wrote as one line of at most 200 characters, without control characters. */
export function foreignText(text: string, secrets: Iterable<string> = []): string {
  let shown = text
  // A receiver knows the secrets that it shares with us, and might repeat them.
  for (const secret of secrets) if (secret !== "") shown = shown.replaceAll(secret, "[secret]")
  const line = shown
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, 200)
  return line.isWellFormed() ? line : line.slice(0, -1)
}
