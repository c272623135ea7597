import { anonymous, type Principal } from "@/lib/access/principal"
import type { AppError } from "@/lib/errors"
import { execute } from "@/lib/operations/core/execute"
import type { AnyOperation } from "@/lib/operations/core/operation"
import { authenticateSession } from "./authenticate"
import { callerOf } from "./caller"
import { reportFailure } from "./failures"
import { noteCall } from "./own-calls/note"
import { toAppError } from "./problem"

/** The result of an operation called from the console, with the whole error. */
export type Attempt<Output> =
  | { readonly ok: true; readonly value: Output }
  /** `principal` is null when it could not be determined. */
  | {
      readonly ok: false
      readonly error: AppError
      readonly principal: Principal | null
      readonly requestId: string
    }

/** Identifies the caller: `authenticateSession`, or the same cached for one page. */
export type Authenticate = typeof authenticateSession

interface Calling {
  readonly headers: Headers
  /** The slug in the url; null outside of an organization. */
  readonly organization: string | null
  readonly authenticate?: Authenticate
}

/** Runs the operation as the person whose session is in the headers. Never throws. */
export async function attempt<Output>(
  operation: AnyOperation<Output>,
  { headers, organization, authenticate = authenticateSession }: Calling,
  input: unknown,
): Promise<Attempt<Output>> {
  let principal: Principal | null = null
  const origin = callerOf(headers)
  const at = new Date()
  try {
    principal = await authenticate(headers, organization, at)
    noteCall(operation, { principal, ...origin, at })
    return { ok: true, value: await execute(operation, { ...origin, principal, at }, input) }
  } catch (error) {
    if (principal === null) noteCall(operation, { principal: anonymous, ...origin, at })
    const { requestId } = origin
    const told = toAppError(error)
    reportFailure({ error: told, operation: operation.name, requestId })
    return { ok: false, error: told, principal, requestId }
  }
}
