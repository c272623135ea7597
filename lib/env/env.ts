import { readFileSync, statSync } from "node:fs"
import path from "node:path"
import { type CaptureEnvironment, readCaptureEnvironment } from "@/lib/audit/capture/clearml-environment"
import type { ConfigurationFile } from "@/lib/audit/capture/clearml-given"
import type { OutboundAllow } from "@/lib/outbound/allow"
import { type GrpcSettings, grpcSettings, problemsOfGrpc } from "./grpc"
import { type LogLevel, parseUrl, VARIABLES, type Variable } from "./variables"

/** The validated environment: everything that can differ between two installations. */
export interface Env {
  readonly port: number
  readonly host: string
  /** The public origin, without a slash at the end. */
  readonly baseUrl: string
  /** Where gRPC is served. */
  readonly grpc: GrpcSettings
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
  readonly clarifaiRatePerSecond: number
  /** Concurrent exports; each has its own connection. */
  readonly exportLimit: number
  readonly exportLimitPerOrganization: number
  readonly logLevel: LogLevel
  /** Whether LOG_LEVEL is set: then the level cannot be changed while the process runs. */
  readonly logLevelIsSet: boolean
  /** The SMTP server for outgoing mail; null = none, mail waits. Contains the password. */
  readonly smtpUrl: string | null
  /** The sender of mail: an email, or a name and an email as in a header. */
  readonly mailFrom: string
  /** The OpenID provider that people may sign in with; null = none. */
  readonly openIdConnect: OpenIdConnectSettings | null
  /** The bearer token for metrics; null = they answer this machine only. */
  readonly metricsToken: string | null
  /** What ClearML's variables and `CAPTURE_FILE` say about the recording of calls, for every organization. */
  readonly capture: CaptureEnvironment
  /** Where connections to ips and ports may lead that the guard refuses otherwise. */
  readonly outboundAllow: OutboundAllow
  /** Every variable as it may be shown to others. */
  readonly shown: readonly ShownSetting[]
}

/** A variable without its secret. */
export interface ShownSetting {
  readonly name: string
  /** Of a secret only `set` or `not set`. */
  readonly value: string
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
    grpc: grpcSettings({
      port: value(VARIABLES.grpcPort),
      tlsPort: value(VARIABLES.grpcTlsPort),
      certificateFile: value(VARIABLES.grpcTlsCert),
      keyFile: value(VARIABLES.grpcTlsKey),
    }),
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
    clarifaiRatePerSecond: value(VARIABLES.clarifaiRatePerSecond),
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
    metricsToken: value(VARIABLES.metricsToken) ?? null,
    logLevel: value(VARIABLES.logLevel),
    capture: captureOf(source).environment,
    outboundAllow: value(VARIABLES.outboundAllow),
    logLevelIsSet: given(source, VARIABLES.logLevel.name) !== undefined,
    shown: Object.values(VARIABLES).map(declaration => shownSetting(declaration, source)),
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
    ...problemsOfGrpc(name => given(source, name)),
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

/** The level that was chosen while the process runs. The bundler may load this module more than once in a process. */
const chosenLogLevel = Symbol.for("auditorium.logLevel")
const chosen = globalThis as { [chosenLogLevel]?: LogLevel }

/**
 * Returns the log level of this process: LOG_LEVEL (`info` when it is invalid, which `readEnv` reports), else the level that
 * was chosen while the process runs, else `info`.
 */
export function processLogLevel(): LogLevel {
  const text = given(process.env, "LOG_LEVEL")
  if (text === undefined) return chosen[chosenLogLevel] ?? "info"
  return VARIABLES.logLevel.schema.safeParse(text).data ?? "info"
}

/** Sets the level of the log of this process, which counts unless LOG_LEVEL is set; null = the standard. */
export function chooseLogLevel(level: LogLevel | null): void {
  chosen[chosenLogLevel] = level ?? undefined
}

let adapterOfProcess: Env["capture"]["adapter"]["adapter"] | undefined

/**
 * Returns whether the environment of this process sends entries to the standard output (ClearML's adapter `raw_log`), which then
 * has nothing else. An environment that cannot be used does not.
 */
export function entriesOnStdout(): boolean {
  if (adapterOfProcess === undefined) adapterOfProcess = captureOf(process.env).environment.adapter.adapter
  return adapterOfProcess === "raw_log"
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

function shownSetting({ name, secret }: Variable<unknown>, source: Source): ShownSetting {
  const text = given(source, name)
  if (text === undefined) return { name, value: "not set" }
  return { name, value: secret ? "set" : text }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}
