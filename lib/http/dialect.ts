import type { KeyScheme } from "@/lib/access/keys/key-scheme"
import type { AppError } from "@/lib/errors"

/** How one API speaks over HTTP: how its senders write their key, and how it writes what it answers. */
export interface Dialect {
  readonly scheme: KeyScheme
  /** Returns the response with the output of an operation, for a route that does not write it itself. */
  answer(output: unknown, requestId: string): Response
  /** Returns the response of a refusal or a failure. The error contains only what was written for the caller. */
  refuse(error: AppError, requestId: string): Response
  /** Returns the response to a method that the path does not have. */
  refuseMethod(allowed: readonly string[], requestId: string): Response
}
