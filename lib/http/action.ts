import { refresh } from "next/cache"
import { headers } from "next/headers"
import { AppError, type ErrorCode, type Fault } from "@/lib/errors"
import type { AnyOperation } from "@/lib/operations/core/operation"
import { platform } from "@/lib/platform"
import { requestMarks } from "@/lib/request-marks"
import { attempt } from "./attempt"
import { refuseForeignOrigin } from "./origin"
import { noteBody } from "./own-calls/note"
import { isPlain } from "./plain"
import { toAppError } from "./problem"

/** The result for a form. `faults` point into the input ("/name"), so that the messages appear beside the field. */
export type ActionResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | {
      readonly ok: false
      readonly code: ErrorCode
      readonly message: string
      readonly faults: readonly Fault[]
      readonly retryAfterSeconds: number | undefined
    }

/** A server action: the organization's slug (null outside of one) and the input. */
export type Action<Output> = (organization: string | null, input: unknown) => Promise<ActionResult<Output>>

/**
 * Returns a server action that runs an operation, for a file with "use server": `export const createApiKeyAction =
 * action(createApiKey)`. It never throws; after a successful write the current page is rendered again.
 */
export function action<Output>(operation: AnyOperation<Output>): Action<Output> {
  return async (organization, input) => {
    const result = await performAction(operation, await headers(), organization, input)
    if (result.ok && operation.effect === "write") refresh()
    return result
  }
}

/** The action without Next.js. */
export async function performAction<Output>(
  operation: AnyOperation<Output>,
  requestHeaders: Headers,
  organization: string | null,
  input: unknown,
): Promise<ActionResult<Output>> {
  markBegun()
  try {
    refuseForeignOrigin(requestHeaders, platform().env.baseUrl)
  } catch (error) {
    return refusedResult(toAppError(error))
  }
  if (!isPlain(input) || !(organization === null || typeof organization === "string")) {
    return refusedResult(new AppError("malformed", "What was sent is not the input of this form."))
  }
  const result = await attempt(operation, { headers: requestHeaders, organization }, input)
  noteBody(() => ({ mediaType: "application/json", bytes: Buffer.from(JSON.stringify(input) ?? "") }))
  if (result.ok) return { ok: true, value: result.value }
  return refusedResult(result.error)
}

// The input has been read: from here on a failure is ours.
function markBegun(): void {
  const marks = requestMarks()
  if (marks) marks.hasBegun = true
}

function refusedResult(error: AppError): ActionResult<never> {
  const { code, message, faults, retryAfterSeconds } = error
  return { ok: false, code, message, faults, retryAfterSeconds }
}
