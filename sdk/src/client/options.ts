import { environment } from "@/sdk/src/environment"
import { sdkVersion } from "@/sdk/src/version"

/** A wait before a request is sent again. */
export interface Retry {
  /** What happened, in words. */
  readonly reason: string
  readonly delayMs: number
  /** How often the request was sent so far. */
  readonly attempt: number
}

export interface ClientOptions {
  /** The address of the server. Else the environment variable AUDITORIUM_URL; in a browser the origin of the page. */
  readonly url?: string | URL | undefined
  /** An API key. Else the environment variable AUDITORIUM_KEY. */
  readonly key?: string | undefined
  /**
   * How long one request may take with all its repetitions and waits, in milliseconds: two minutes unless it is given. 0 = it is
   * sent once.
   */
  readonly patienceMs?: number | undefined
  /**
   * How long the server may take to answer one attempt whole, in milliseconds: a minute unless it is given, and not more than
   * `patienceMs`. Of an export it limits the time to its beginning.
   */
  readonly attemptMs?: number | undefined
  /** Called before each wait. */
  readonly onRetry?: ((retry: Retry) => void) | undefined
  /** What sends the requests: the global `fetch` unless it is given. */
  readonly fetch?: typeof fetch | undefined
}

export interface CallOptions {
  /** Ends the call, its waits included; what is called throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

export interface FollowOptions extends CallOptions {
  /** How long to wait after the end of the log was reached, in milliseconds; two seconds unless it is given. */
  readonly intervalMs?: number | undefined
  /** Called with a query that goes on here, when all events before it were taken. Keep it to go on after a restart. */
  readonly onPosition?: ((position: string) => void) | undefined
}

/** Options whose values have been checked. */
export interface Settings {
  /** Ends in a slash. */
  readonly url: URL
  readonly key: string
  readonly patienceMs: number
  readonly attemptMs: number
  readonly onRetry: ((retry: Retry) => void) | undefined
  readonly fetch: typeof fetch
  readonly agent: string
}

const minute = 60_000

/** Returns the settings. Throws TypeError for what is missing or cannot be meant. */
export function settingsOf(options: ClientOptions): Settings {
  const patienceMs = milliseconds("patienceMs", options.patienceMs ?? 2 * minute)
  const usual = patienceMs === 0 ? minute : Math.min(minute, patienceMs)
  return {
    url: urlOf(options.url ?? environment("AUDITORIUM_URL") ?? globalThis.location?.origin),
    key: keyOf(options.key ?? environment("AUDITORIUM_KEY")),
    patienceMs,
    attemptMs: Math.max(1, milliseconds("attemptMs", options.attemptMs ?? usual)),
    onRetry: options.onRetry,
    // Called as a function of nothing: a browser's refuses another `this`.
    fetch: options.fetch ?? ((...sent) => fetch(...sent)),
    agent: `auditorium-client/${sdkVersion}`,
  }
}

function urlOf(given: string | URL | undefined): URL {
  if (given === undefined || given === "") throw new TypeError("No url: give one, or set AUDITORIUM_URL.")
  if (!URL.canParse(given)) throw new TypeError("The url of the server is not a url.")
  const url = new URL(given)
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new TypeError("The url of the server must begin with https:// or http://.")
  if (url.username !== "" || url.password !== "")
    throw new TypeError("The url of the server must not have a user or a password.")
  url.search = ""
  url.hash = ""
  if (!url.pathname.endsWith("/")) url.pathname += "/"
  return url
}

function keyOf(given: string | undefined): string {
  if (given === undefined || given === "") throw new TypeError("No key: give one, or set AUDITORIUM_KEY.")
  // The message of fetch would show it.
  if (!/^[\x21-\x7e]+$/.test(given)) throw new TypeError("The key holds characters that no key has.")
  return given
}

function milliseconds(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw new TypeError(`${name} must be a number of milliseconds, 0 or more.`)
}
