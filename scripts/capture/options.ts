import * as fs from "node:fs"
import { parseArgs } from "node:util"
import { profileNames } from "@/lib/audit/capture/profiles/profile"
import { parseIpRange } from "@/lib/audit/ip"

/** What was typed is no command; the message says what is missing or wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

export interface Options {
  readonly target: URL
  readonly listen: { readonly host: string; readonly port: number }
  readonly profile: (typeof profileNames)[number]
  /** The Auditorium server. */
  readonly url: URL
  readonly key: string
  readonly spool: string | undefined
  readonly strict: boolean
  readonly trustedProxies: readonly string[]
  readonly rewriteHost: boolean
  readonly connectTimeoutMs: number
  readonly responseTimeoutMs: number
  readonly tls: { readonly certificate: string; readonly key: string; readonly clientCa?: string } | null
  readonly upstream: { readonly ca?: string; readonly certificate?: string; readonly key?: string }
  /** What the person should know, though the command goes on. */
  readonly warnings: readonly string[]
}

type Variables = Readonly<Record<string, string | undefined>>
type Values = ReturnType<typeof parse>

const standard = { url: "http://127.0.0.1:3000", listen: "127.0.0.1:8008", profile: "generic" }

/** How the command is used, for people. */
export const usage = `Passes the calls of an HTTP API on to it, and records them in Auditorium as the capture policy says.

  npm run capture -- --target URL --key-file FILE [options]

  --target URL             the API: http://, https://, or unix:///path for a socket in the file system
  --listen HOST:PORT       where clients connect (${standard.listen})
  --profile NAME           ${profileNames.join(", ")} (${standard.profile})

  --key-file FILE          holds the API key with LOG-INGESTION (or the variable AUDITORIUM_KEY holds the key)
  --url URL                the Auditorium server (AUDITORIUM_URL, else ${standard.url})
  --spool DIRECTORY        where events wait while that server is away
  --strict                 refuse calls with 503 while they cannot be recorded

  --tls-cert FILE          serve TLS with this certificate
  --tls-key FILE           and its key
  --client-ca FILE         clients must have a certificate of this authority; its subject is the caller

  --upstream-ca FILE       the authority of an https target, besides the usual ones
  --upstream-cert FILE     the certificate that the target is shown
  --upstream-key FILE      and its key
  --rewrite-host           send the target's own name as Host
  --trust NETWORK          a proxy in front whose X-Forwarded-For is believed; may be repeated

  --connect-timeout SECONDS    how long a connection to the target may take (10)
  --response-timeout SECONDS   how long the target may take to begin its response (no limit)

It ends at SIGINT and SIGTERM, when the calls on their way have ended, after 10 seconds at most. Exit code: 0 ended as asked, 1 it
cannot listen, 2 not understood.`

/** Returns the parsed options, with the files that they name. Throws UsageError for what is missing, unknown or out of range. */
export function readOptions(args: readonly string[], variables: Variables): Options {
  const values = parse(args)
  const warnings: string[] = []
  const url = readHttpUrl("--url", values.url ?? (variables.AUDITORIUM_URL || standard.url))
  if (isExposed(url)) warnings.push(`Careful: the key and the events go to ${url.origin} unencrypted.`)
  return {
    target: readTarget(values.target),
    listen: readPlace(values.listen ?? standard.listen),
    profile: readProfile(values.profile ?? standard.profile),
    url,
    key: readKey(values["key-file"], variables, warnings),
    spool: values.spool,
    strict: values.strict ?? false,
    trustedProxies: (values.trust ?? []).map(readNetwork),
    rewriteHost: values["rewrite-host"] ?? false,
    connectTimeoutMs: readSeconds("connect-timeout", values["connect-timeout"] ?? "10", 1),
    responseTimeoutMs: readSeconds("response-timeout", values["response-timeout"] ?? "0", 0),
    tls: readTls(values),
    upstream: readUpstream(values),
    warnings,
  }
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ target: text, listen: text, profile: text, url: text, "key-file": text, spool: text },
        ...{ "tls-cert": text, "tls-key": text, "client-ca": text },
        ...{ "upstream-ca": text, "upstream-cert": text, "upstream-key": text },
        ...{ "connect-timeout": text, "response-timeout": text },
        trust: { type: "string", multiple: true },
        strict: { type: "boolean" },
        "rewrite-host": { type: "boolean" },
      },
    }).values
  } catch (error) {
    // Of node's own sentences the first says what is wrong; the others explain node.
    const [message = ""] = error instanceof Error ? error.message.split(/(?<=\.) /) : []
    throw new UsageError(message)
  }
}

function readTarget(text: string | undefined): URL {
  if (text === undefined) throw new UsageError("--target is missing: the address of the API.")
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === "unix:" && url.host === "" && url.pathname.length > 1) return url
  const target = readHttpUrl("--target", text, "begins with http://, https:// or unix:///")
  if (target.search !== "" || target.hash !== "")
    throw new UsageError("--target has no query and no fragment.")
  return target
}

function readHttpUrl(option: string, text: string, form = "begins with http:// or https://"): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${option} ${text} is not an address that ${form}.`)
  if (url.username !== "" || url.password !== "")
    throw new UsageError(`${option} must not hold a user or password.`)
  return url
}

function readPlace(text: string): Options["listen"] {
  const [, bracketed, plain, port = ""] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || host === "" || Number(port) > 65_535)
    throw new UsageError(`--listen ${text} is not HOST:PORT, such as ${standard.listen} or [::1]:8008.`)
  return { host, port: Number(port) }
}

function readProfile(name: string): Options["profile"] {
  const found = profileNames.find(known => known === name)
  if (found === undefined) throw new UsageError(`--profile ${name} is not known: ${profileNames.join(", ")}.`)
  return found
}

function readKey(file: string | undefined, variables: Variables, warnings: string[]): string {
  const key = file === undefined ? (variables.AUDITORIUM_KEY ?? "") : readText("--key-file", file).trim()
  if (key === "") {
    throw new UsageError(
      file === undefined
        ? "No key: name its file with --key-file, or set the variable AUDITORIUM_KEY."
        : `--key-file ${file} is empty.`,
    )
  }
  // A header takes nothing else; and a file with something else is not the file that was meant.
  if (!/^[\x21-\x7e]+$/.test(key)) throw new UsageError("The key holds characters that no key has.")
  if (file !== undefined && process.platform !== "win32" && (fs.statSync(file).mode & 0o077) !== 0)
    warnings.push(`Careful: other accounts of this machine may read ${file}.`)
  return key
}

function readNetwork(text: string): string {
  if (parseIpRange(text) === null) throw new UsageError(`--trust ${text} is not an IP address or a network.`)
  return text
}

function readSeconds(option: string, text: string, least: number): number {
  const seconds = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  if (seconds >= least && seconds <= 86_400) return seconds * 1000
  throw new UsageError(`--${option} must be a number of seconds from ${least} to 86400, not ${text}.`)
}

function readTls(values: Values): Options["tls"] {
  const { "tls-cert": certificate, "tls-key": key, "client-ca": clientCa } = values
  if (certificate === undefined && key === undefined) {
    if (clientCa !== undefined) throw new UsageError("--client-ca needs --tls-cert and --tls-key.")
    return null
  }
  if (certificate === undefined || key === undefined)
    throw new UsageError("--tls-cert and --tls-key go together.")
  return {
    certificate: readText("--tls-cert", certificate),
    key: readText("--tls-key", key),
    ...(clientCa !== undefined && { clientCa: readText("--client-ca", clientCa) }),
  }
}

function readUpstream(values: Values): Options["upstream"] {
  const { "upstream-ca": ca, "upstream-cert": certificate, "upstream-key": key } = values
  if ((certificate === undefined) !== (key === undefined))
    throw new UsageError("--upstream-cert and --upstream-key go together.")
  return {
    ...(ca !== undefined && { ca: readText("--upstream-ca", ca) }),
    ...(certificate !== undefined && { certificate: readText("--upstream-cert", certificate) }),
    ...(key !== undefined && { key: readText("--upstream-key", key) }),
  }
}

function readText(option: string, file: string): string {
  try {
    return fs.readFileSync(file, "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null
    throw new UsageError(`${option} ${file} ${code === "ENOENT" ? "is not there" : "cannot be read"}.`)
  }
}

function isExposed(url: URL): boolean {
  return url.protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
}
