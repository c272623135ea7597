import { readFileSync, statSync } from "node:fs"
import path from "node:path"
import { z } from "zod"
import { type CaptureEnvironment, readCaptureEnvironment } from "@/lib/audit/capture/clearml-environment"
import type { ConfigurationFile } from "@/lib/audit/capture/clearml-given"
import { parseIpRange } from "@/lib/audit/ip"

/** Levels of the server log; each one includes those after it. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** The validated environment: everything that can differ between two installations. */
export interface Env {
  readonly port: number
  readonly host: string
  /** The public origin, without a slash at the end. */
  readonly baseUrl: string
  /** Connects as the application role, which owns nothing. */
  readonly databaseUrl: string
  /** Connects directly as the owner; only migrations and maintenance need it. */
  readonly databaseOwnerUrl: string | null
  /** Absolute. */
  readonly dataDirectory: string
  /** At least 32 bytes; other keys are derived from it, and it is never used itself. */
  readonly secret: string
  /** Networks in CIDR notation whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[]
  readonly seedDemo: boolean
  readonly databasePoolSize: number
  /** How long a request waits for a free connection. */
  readonly databasePatienceSeconds: number
  readonly ingestionRatePerSecond: number
  /** How many requests one process handles at once before it refuses further ones. */
  readonly requestsInWork: number
  readonly bodyBytesPerSecond: number
  /** Concurrent exports; each has its own connection. */
  readonly exportLimit: number
  readonly exportLimitPerOrganization: number
  readonly logLevel: LogLevel
  /** The SMTP server for outgoing mail; null = none, mail waits. Contains the password. */
  readonly smtpUrl: string | null
  /** The sender of mail: an email, or a name and an email as in a header. */
  readonly mailFrom: string
  /** The OpenID provider that people may sign in with; null = none. */
  readonly openIdConnect: OpenIdConnectSettings | null
  /** What ClearML's variables and `CAPTURE_FILE` say about the recording of calls, for every organization. */
  readonly capture: CaptureEnvironment
}

/** The settings of the OpenID provider, and what the console requires from people who sign in there. */
export interface OpenIdConnectSettings {
  /** Exactly as the provider writes it. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Its display name; the button says "Continue with ...". */
  readonly name: string
  /** Email domains that may be connected, in lower case; empty = all. */
  readonly allowedDomains: readonly string[]
  /** The claim that lists a person's groups; null = groups are managed by hand. */
  readonly groupsClaim: string | null
}

export interface EnvProblem {
  readonly name: string
  readonly message: string
}

/** The description of one variable for the documentation. */
export interface EnvDescription {
  readonly name: string
  readonly standard: string
  readonly expected: string
  readonly meaning: string
}

/** Thrown for an invalid environment; the message names every invalid variable and contains no secret. */
export class EnvError extends Error {
  readonly problems: readonly EnvProblem[]

  constructor(problems: readonly EnvProblem[]) {
    super(
      [
        "The environment is not usable:",
        ...problems.map(({ name, message }) => `  ${name}: ${message}`),
        "README.md lists every variable under Configuration.",
      ].join("\n"),
    )
    this.name = "EnvError"
    this.problems = problems
  }
}

type Source = Readonly<Record<string, string | undefined>>

interface Variable<Value> {
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

const VARIABLES = {
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
  logLevel: variable({
    name: "LOG_LEVEL",
    standard: "info",
    expected: `one of ${LOG_LEVELS.join(", ")}`,
    meaning: "How much the server log says.",
    schema: z.enum(LOG_LEVELS),
  }),
} as const

/** Returns the validated environment. Throws EnvError with every invalid variable. An empty text counts as absent. */
export function readEnv(source: Source): Env {
  const problems = checkEnv(source)
  if (problems.length > 0) throw new EnvError(problems)
  const value = <Value>({ name, schema, standard }: Variable<Value>) =>
    schema.parse(given(source, name) ?? standard ?? undefined)
  const host = value(VARIABLES.host)
  const port = value(VARIABLES.port)
  const baseUrl = value(VARIABLES.baseUrl) ?? standardBaseUrl(host, port)
  return {
    port,
    host,
    baseUrl,
    databaseUrl: value(VARIABLES.databaseUrl),
    databaseOwnerUrl: value(VARIABLES.databaseOwnerUrl) ?? null,
    databasePoolSize: value(VARIABLES.databasePoolSize),
    databasePatienceSeconds: value(VARIABLES.databasePatienceSeconds),
    dataDirectory: value(VARIABLES.dataDirectory),
    secret: value(VARIABLES.secret),
    trustedProxies: value(VARIABLES.trustedProxies),
    ingestionRatePerSecond: value(VARIABLES.ingestionRatePerSecond),
    requestsInWork: value(VARIABLES.requestsInWork),
    bodyBytesPerSecond: value(VARIABLES.bodyBytesPerSecond),
    exportLimit: value(VARIABLES.exportLimit),
    exportLimitPerOrganization: value(VARIABLES.exportLimitPerOrganization),
    seedDemo: value(VARIABLES.seedDemo),
    smtpUrl: value(VARIABLES.smtpUrl) ?? null,
    mailFrom: value(VARIABLES.mailFrom) ?? standardSender(baseUrl),
    openIdConnect: openIdConnectOf(value(VARIABLES.oidcIssuer), {
      clientId: value(VARIABLES.oidcClientId),
      clientSecret: value(VARIABLES.oidcClientSecret),
      name: value(VARIABLES.oidcName),
      allowedDomains: value(VARIABLES.oidcAllowedDomains),
      groupsClaim: value(VARIABLES.oidcGroupsClaim) ?? null,
    }),
    logLevel: value(VARIABLES.logLevel),
    capture: captureOf(source).environment,
  }
}

/** Returns every problem of the environment, none when it is usable; `later` names variables that may still be absent. */
export function checkEnv(source: Source, later: readonly string[] = []): EnvProblem[] {
  const problems: EnvProblem[] = []
  for (const declaration of Object.values(VARIABLES)) {
    const text = given(source, declaration.name)
    if (text === undefined && later.includes(declaration.name)) continue
    const message = problemOf(declaration, text)
    if (message !== null) problems.push({ name: declaration.name, message })
  }
  return [
    ...problems,
    ...problemsOfAddresses(source),
    ...problemsOfProvider(source),
    ...captureOf(source).problems,
  ]
}

/** Returns the rows of the documentation's table, one for each variable. */
export function describeEnv(): EnvDescription[] {
  return Object.values(VARIABLES).map(({ name, standard, standardNote, expected, meaning }) => ({
    name,
    standard: standardNote ?? `\`${standard}\``,
    expected,
    meaning,
  }))
}

/** Returns the default of BASE_URL; a host that means every ip becomes the loopback ip. */
export function standardBaseUrl(host: string, port: number): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host
  return new URL(`http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`).origin
}

/** Returns whether a host name or an ip (IPv6 with or without brackets) is a loopback one. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i.test(host)
}

// An email at a bare ip is written in a form that few servers accept.
function standardSender(baseUrl: string): string {
  const { hostname } = new URL(baseUrl)
  return `Auditorium <auditorium@${/^\[|^[\d.]+$/.test(hostname) ? "localhost" : hostname}>`
}

let current: Env | undefined

/** Returns the environment of this process, validated at the first call. */
export function processEnv(): Env {
  current ??= readEnv(process.env)
  return current
}

/** Returns the log level of this process; `info` when it is absent or invalid (`readEnv` reports the invalid value). */
export function processLogLevel(): LogLevel {
  return VARIABLES.logLevel.schema.safeParse(given(process.env, "LOG_LEVEL")).data ?? "info"
}

/**
 * Returns the key of the page of caught mail when `npm start` catches mail, else null. The launcher passes it to its
 * processes; it is not a setting.
 */
export function processCaughtMailKey(): string | null {
  return given(process.env, "AUDITORIUM_CAUGHT_MAIL_KEY") ?? null
}

/** Returns whether the process runs under `npm run dev`. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development"
}

function given(source: Source, name: string): string | undefined {
  const text = source[name]?.trim()
  return text === "" ? undefined : text
}

function problemOf(declaration: Variable<unknown>, text: string | undefined): string | null {
  if (text === undefined) {
    return declaration.standard === null ? `is not set; expected ${declaration.expected}` : null
  }
  if (declaration.schema.safeParse(text).success) return null
  const got = declaration.secret ? "the given value (not shown here)" : JSON.stringify(shortened(text))
  return `${got} does not fit; expected ${declaration.expected}`
}

function problemsOfAddresses(source: Source): EnvProblem[] {
  const application = given(source, "DATABASE_URL")
  const owner = given(source, "DATABASE_OWNER_URL")
  if (owner === undefined) return []
  if (application === undefined) {
    return [{ name: "DATABASE_OWNER_URL", message: "is set, but DATABASE_URL is not; give both or neither" }]
  }
  const users = [parseUrl(application)?.username, parseUrl(owner)?.username]
  if (users[0] === undefined || users[0] === "" || users[0] !== users[1]) return []
  return [
    {
      name: "DATABASE_URL",
      message:
        "names the same role as DATABASE_OWNER_URL; the application must connect as a role that owns nothing",
    },
  ]
}

const providerNames = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"] as const

// All or none: with only some of them, the button would lead nowhere.
function problemsOfProvider(source: Source): EnvProblem[] {
  const every = [...providerNames, "OIDC_NAME", "OIDC_ALLOWED_DOMAINS", "OIDC_GROUPS_CLAIM"]
  const set = every.find(name => given(source, name) !== undefined)
  if (set === undefined) return []
  return providerNames
    .filter(name => given(source, name) === undefined)
    .map(name => ({
      name,
      message: `is not set, but ${set} is; give ${providerNames.join(", ")} or none of them`,
    }))
}

// checkEnv has verified that the three are set together.
function openIdConnectOf(
  issuer: string | undefined,
  rest: Omit<OpenIdConnectSettings, "issuer" | "clientId" | "clientSecret"> & {
    readonly clientId: string | undefined
    readonly clientSecret: string | undefined
  },
): OpenIdConnectSettings | null {
  const { clientId, clientSecret } = rest
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null
  return { ...rest, issuer, clientId, clientSecret }
}

const mostFileBytes = 1_048_576

/** Returns what the variables of ClearML and the file that `CAPTURE_FILE` names say, and every problem with them. */
function captureOf(source: Source): ReturnType<typeof readCaptureEnvironment> {
  const file = given(source, "CAPTURE_FILE")
  if (file === undefined) return readCaptureEnvironment(source, null)
  const read = readCaptureFile(file)
  if (typeof read !== "string") return readCaptureEnvironment(source, read)
  const { environment, problems } = readCaptureEnvironment(source, null)
  return { environment, problems: [{ name: "CAPTURE_FILE", message: read }, ...problems] }
}

/** Returns the file, or why it cannot be used. */
function readCaptureFile(file: string): ConfigurationFile | string {
  try {
    const stat = statSync(path.resolve(file))
    if (stat.isFile() && stat.size <= mostFileBytes)
      return { name: path.basename(file), text: readFileSync(path.resolve(file), "utf8") }
  } catch {
    // Said below: why a file cannot be read is for the person who looks at it.
  }
  return `${JSON.stringify(shortened(file))} does not fit; expected ${VARIABLES.captureFile.expected}`
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

function parseNetwork(text: string): string | null {
  const range = parseIpRange(text)
  if (range === null) return null
  if (range.text.includes("/")) return range.text
  return `${range.text}/${range.text.includes(":") ? 128 : 32}`
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}
