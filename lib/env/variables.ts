import path from "node:path"
import { z } from "zod"
import { parseIpRange } from "@/lib/audit/ip"
import { parseOutboundAllow } from "@/lib/outbound/allow"

/** Levels of the server log; each one includes those after it. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export interface Variable<Value> {
  readonly name: string
  /** Ends the sentence "expected ...". */
  readonly expected: string
  readonly meaning: string
  /** The default of an absent variable; null = required; undefined = absence is a value of its own. */
  readonly standard: string | null | undefined
  /** The default in words, when the text alone is not enough. */
  readonly standardNote?: string
  readonly secret?: true
  readonly schema: z.ZodType<Value, string | undefined>
}

function variable<Value>(declaration: Variable<Value>): Variable<Value> {
  return declaration
}

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const yesOrNo = z
  .enum(["1", "true", "yes", "0", "false", "no"])
  .transform(text => ["1", "true", "yes"].includes(text))

const postgresUrl = z.string().refine(text => {
  const url = parseUrl(text)
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1
})

const origin = z.string().transform((text, context) => {
  const url = parseUrl(text)
  const plain =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === "/" &&
    !url.search &&
    !url.hash &&
    !url.username
  if (plain) return url.origin
  context.addIssue("no origin")
  return z.NEVER
})

const smtpAddress = z.string().refine(text => {
  const url = parseUrl(text)
  return (
    url !== null &&
    /^smtps?:$/.test(url.protocol) &&
    url.hostname !== "" &&
    /^\/?$/.test(url.pathname) &&
    /^(?:\?tls=required)?$/.test(url.search) &&
    !url.hash
  )
})

const sender = z
  .string()
  .regex(
    /^(?:[^<>@\p{Cc}]{1,100} <[^\s<>@",;\p{Cc}]+@[^\s<>@",;\p{Cc}]+>|[^\s<>@",;\p{Cc}]+@[^\s<>@",;\p{Cc}]+)$/u,
  )

const issuerAddress = z.string().refine(text => {
  const url = parseUrl(text)
  if (url === null || url.search || url.hash || url.username) return false
  return (
    url.protocol === "https:" ||
    (url.protocol === "http:" && /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/.test(url.hostname))
  )
})

const domains = z
  .string()
  .transform(text =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(part => part !== ""),
  )
  .pipe(z.array(z.string().regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/)))

const oneLine = z.string().regex(/^\P{Cc}{1,500}$/u)

const networks = z.string().transform((text, context) => {
  const parsed = text
    .split(/[\s,]+/)
    .filter(part => part !== "")
    .map(parseNetwork)
  if (parsed.every(network => network !== null)) return parsed
  context.addIssue("no network")
  return z.NEVER
})

const outboundAllow = z.string().transform((text, context) => {
  const entries = parseOutboundAllow(text)
  if (entries !== null) return entries
  context.addIssue("neither a host nor a network")
  return z.NEVER
})

/** Every variable of the environment, in the order of the documentation. */
export const VARIABLES = {
  port: variable({
    name: "PORT",
    standard: "3000",
    expected: "a whole number from 0 to 65535",
    meaning: "Port of the console and the API; 0 takes a free one.",
    schema: wholeNumber(0, 65_535),
  }),
  host: variable({
    name: "HOST",
    standard: "127.0.0.1",
    expected: "an IP address or a host name",
    meaning: "Address to listen on; `0.0.0.0` or `::` listens on every one.",
    schema: z.string().regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$/),
  }),
  baseUrl: variable({
    name: "BASE_URL",
    standard: undefined,
    standardNote: "`http://HOST:PORT`",
    expected: "an address like https://audit.example.com, without a path",
    meaning: "Where people reach the console. Cookies are `Secure` and HSTS is sent when it is https.",
    schema: origin.optional(),
  }),
  grpcPort: variable({
    name: "GRPC_PORT",
    standard: "0",
    standardNote: "`0`: none",
    expected: "a whole number from 0 to 65535",
    meaning:
      "Port of Clarifai's audit-log API over gRPC without TLS, for this machine and proxies (docs/clarifai-grpc.md).",
    schema: wholeNumber(0, 65_535),
  }),
  grpcTlsPort: variable({
    name: "GRPC_TLS_PORT",
    standard: "0",
    standardNote: "`0`: none",
    expected: "a whole number from 0 to 65535",
    meaning: "Port of the same API over gRPC with TLS. It needs the two files below.",
    schema: wholeNumber(0, 65_535),
  }),
  grpcTlsCert: variable({
    name: "GRPC_TLS_CERT",
    standard: undefined,
    standardNote: "none",
    expected: "a PEM file with the certificate and its chain",
    meaning: "Certificate for `GRPC_TLS_PORT`; it is read again when the file changes.",
    schema: z
      .string()
      .transform(text => path.resolve(text))
      .optional(),
  }),
  grpcTlsKey: variable({
    name: "GRPC_TLS_KEY",
    standard: undefined,
    standardNote: "none",
    expected: "a PEM file with the private key of the certificate",
    meaning: "Private key for `GRPC_TLS_PORT`; it is read again when the file changes.",
    schema: z
      .string()
      .transform(text => path.resolve(text))
      .optional(),
  }),
  databaseUrl: variable({
    name: "DATABASE_URL",
    standard: null,
    standardNote: "the embedded PostgreSQL",
    expected: "an address like postgresql://user:password@host:5432/database",
    meaning: "PostgreSQL 15 or newer, as the application role; may go through a transaction pooler.",
    secret: true,
    schema: postgresUrl,
  }),
  databaseOwnerUrl: variable({
    name: "DATABASE_OWNER_URL",
    standard: undefined,
    standardNote: "the embedded PostgreSQL",
    expected: "an address like postgresql://owner:password@host:5432/database",
    meaning: "The same database as its owner, directly: migrations and maintenance.",
    secret: true,
    schema: postgresUrl.optional(),
  }),
  databasePoolSize: variable({
    name: "DATABASE_POOL_SIZE",
    standard: "10",
    expected: "a whole number from 2 to 500",
    meaning:
      "Most connections one process opens for its work; two more count attempts to sign in, and exports have their own.",
    schema: wholeNumber(2, 500),
  }),
  databasePatienceSeconds: variable({
    name: "DATABASE_PATIENCE_SECONDS",
    standard: "5",
    expected: "a whole number from 1 to 600",
    meaning: "How long a request waits for a free connection before it is told to come again.",
    schema: wholeNumber(1, 600),
  }),
  dataDirectory: variable({
    name: "DATA_DIR",
    standard: ".data",
    expected: "a directory",
    meaning: "The embedded database, its passwords and the generated secret; also the server log (`logs`).",
    schema: z.string().transform(text => path.resolve(text)),
  }),
  secret: variable({
    name: "SECRET",
    standard: null,
    standardNote: "generated into `DATA_DIR` beside the embedded database",
    expected: "32 random bytes or more, for example from: openssl rand -base64 48",
    meaning: "Signs sessions and cursors. The same for every process of one installation.",
    secret: true,
    schema: z.string().refine(text => Buffer.byteLength(text) >= 32 && new Set(text).size >= 8),
  }),
  trustedProxies: variable({
    name: "TRUSTED_PROXIES",
    standard: "",
    standardNote: "none",
    expected: "addresses or networks such as 10.0.0.0/8, separated by commas",
    meaning: "Proxies whose `X-Forwarded-For` is believed.",
    schema: networks,
  }),
  ingestionRatePerSecond: variable({
    name: "INGESTION_RATE_PER_SECOND",
    standard: "20000",
    expected: "a whole number from 1 to 10000000",
    meaning: "Events one organization may send to one process in a second before it is told to wait.",
    schema: wholeNumber(1, 10_000_000),
  }),
  requestsInWork: variable({
    name: "REQUESTS_IN_WORK",
    standard: "500",
    expected: "a whole number from 10 to 100000",
    meaning: "Requests one process works on at once; more are told to come again (503 with `Retry-After`).",
    schema: wholeNumber(10, 100_000),
  }),
  bodyBytesPerSecond: variable({
    name: "BODY_BYTES_PER_SECOND",
    standard: "20000000",
    expected: "a whole number from 1000 to 999999999",
    meaning:
      "Bytes of bodies, counted unpacked, that one organization (without a key: one address) may send to one process in a second.",
    schema: wholeNumber(1_000, 999_999_999),
  }),
  clarifaiRatePerSecond: variable({
    name: "CLARIFAI_RATE",
    standard: "15",
    expected: "a whole number from 1 to 100000",
    meaning: "Searches one key may send to one process through Clarifai's API in a second.",
    schema: wholeNumber(1, 100_000),
  }),
  exportLimit: variable({
    name: "EXPORT_LIMIT",
    standard: "4",
    expected: "a whole number from 1 to 100",
    meaning: "Exports that one process runs at once, each on a connection of its own; more are told to wait.",
    schema: wholeNumber(1, 100),
  }),
  exportLimitPerOrganization: variable({
    name: "EXPORT_LIMIT_PER_ORGANIZATION",
    standard: "2",
    expected: "a whole number from 1 to 100",
    meaning: "How many of them one organization may have.",
    schema: wholeNumber(1, 100),
  }),
  seedDemo: variable({
    name: "SEED_DEMO",
    standard: "0",
    standardNote: "1 with the embedded database, else 0",
    expected: "1 or 0",
    meaning: "Creates the demo organization once.",
    schema: yesOrNo,
  }),
  smtpUrl: variable({
    name: "SMTP_URL",
    standard: undefined,
    standardNote: "none: mail waits, or `npm start` catches it (docs/mail.md)",
    expected: "an address like smtp://user:password@mail.example.com:587 or smtps://mail.example.com:465",
    meaning: "SMTP server that mail is handed to. With a password, only over TLS.",
    secret: true,
    schema: smtpAddress.optional(),
  }),
  mailFrom: variable({
    name: "MAIL_FROM",
    standard: undefined,
    standardNote: "`Auditorium <auditorium@HOST>`, the host of `BASE_URL`",
    expected: "an address like audit@example.com or Auditorium <audit@example.com>",
    meaning: "Who mail is from.",
    schema: sender.optional(),
  }),
  oidcIssuer: variable({
    name: "OIDC_ISSUER",
    standard: undefined,
    standardNote: "none: no sign-in with OpenID Connect (docs/sign-in.md)",
    expected: "an https address, spelled as the provider's own configuration says `issuer`",
    meaning: "OpenID provider that people may sign in with.",
    schema: issuerAddress.optional(),
  }),
  oidcClientId: variable({
    name: "OIDC_CLIENT_ID",
    standard: undefined,
    standardNote: "none",
    expected: "what the provider calls this console",
    meaning: "Client id, as registered with the provider.",
    schema: oneLine.optional(),
  }),
  oidcClientSecret: variable({
    name: "OIDC_CLIENT_SECRET",
    standard: undefined,
    standardNote: "none",
    expected: "what the provider gave out with the client id",
    meaning: "Client secret, as registered with the provider.",
    secret: true,
    schema: oneLine.optional(),
  }),
  oidcName: variable({
    name: "OIDC_NAME",
    standard: "single sign-on",
    expected: "one to forty characters on one line",
    meaning: "What people call the provider; the button says `Continue with ...`.",
    schema: z.string().regex(/^\P{Cc}{1,40}$/u),
  }),
  oidcAllowedDomains: variable({
    name: "OIDC_ALLOWED_DOMAINS",
    standard: "",
    standardNote: "every domain",
    expected: "domains such as example.com, separated by commas",
    meaning: "Domains of the e-mail addresses that the provider may vouch for.",
    schema: domains,
  }),
  oidcGroupsClaim: variable({
    name: "OIDC_GROUPS_CLAIM",
    standard: undefined,
    standardNote: "none: groups are kept by hand",
    expected: "the name of a claim, such as groups",
    meaning: "Claim that lists a person's groups.",
    schema: oneLine.optional(),
  }),
  captureFile: variable({
    name: "CAPTURE_FILE",
    standard: undefined,
    standardNote: "none",
    expected: "a file of at most 1 MiB that can be read",
    meaning:
      "ClearML's keys in a file such as `apiserver.conf` (docs/deployment.md). `CLEARML__...` wins over it.",
    schema: z.string().optional(),
  }),
  outboundAllow: variable({
    name: "OUTBOUND_ALLOW",
    standard: "",
    standardNote: "none",
    expected:
      "hosts and networks, each with or without a port, such as 10.0.0.0/8 or fluentd.internal:24224, separated by commas",
    meaning:
      "Where sinks may connect that is refused otherwise: private networks, unencrypted connections, unusual ports (docs/outbound.md).",
    schema: outboundAllow,
  }),
  metricsToken: variable({
    name: "METRICS_TOKEN",
    standard: undefined,
    standardNote: "none: metrics answer only the machine of the server (docs/metrics.md)",
    expected: "24 to 500 letters, digits and signs, for example from: openssl rand -hex 32",
    meaning: "Bearer token for `/api/metrics`.",
    secret: true,
    schema: z
      .string()
      .regex(/^[!-~]{24,500}$/)
      .optional(),
  }),
  logLevel: variable({
    name: "LOG_LEVEL",
    standard: "info",
    expected: `one of ${LOG_LEVELS.join(", ")}`,
    meaning: "How much the server log says.",
    schema: z.enum(LOG_LEVELS),
  }),
} as const

/** Returns the url, or null for text that is none. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

function parseNetwork(text: string): string | null {
  const range = parseIpRange(text)
  if (range === null) return null
  if (range.text.includes("/")) return range.text
  return `${range.text}/${range.text.includes(":") ? 128 : 32}`
}
