import type { ActorInput } from "@/lib/audit/event/input"

/** How an application is connected with Auditorium. */
export interface ConnectionOptions {
  /** The address of the server. Else the environment variable AUDITORIUM_URL. */
  readonly url?: string | undefined
  /** An API key with LOG-INGESTION. Else the environment variable AUDITORIUM_KEY. */
  readonly key?: string | undefined
  /**
   * Where events are kept on disk while the server is away; false = in memory only. Else the environment variable
   * AUDITORIUM_SPOOL, or a directory of this account below the temporary one.
   */
  readonly spool?: string | false | undefined
  /** Takes what went wrong, in words, each problem once a minute. By default it goes to the standard error. */
  readonly log?: ((problem: string) => void) | undefined
}

export type MaybePromise<Value> = Value | Promise<Value>

/** How the calls of an application are recorded. */
export interface CaptureOptions<Request> extends ConnectionOptions {
  /**
   * Who made the request, asked when it has been answered. Nothing = anonymous. Without this function the credentials of the
   * request are read, and the caller is marked as not verified.
   */
  readonly caller?: ((request: Request) => MaybePromise<ActorInput | null | undefined>) | undefined
  /** Addresses and networks of the proxies in front of the application, which write X-Forwarded-For. */
  readonly trustedProxies?: readonly string[] | undefined
  /** Answers 503 instead of calling the application while calls cannot be recorded. */
  readonly strict?: boolean | undefined
  /** What API this is: generic, clearml, clarifai, docker or kubernetes. */
  readonly profile?: "generic" | "clearml" | "clarifai" | "docker" | "kubernetes" | undefined
}
