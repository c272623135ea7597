import type { AppError } from "@/lib/errors"
import { principalOfSession } from "@/lib/http/authenticate"
import { callerOf } from "@/lib/http/caller"
import { toAppError } from "@/lib/http/problem"
import { execute } from "@/lib/operations/execute"
import type { AnyOperation } from "@/lib/operations/operation"

/** How an operation called from the console ended, with the error still whole. */
export type Attempt<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly error: AppError; readonly requestId: string }

/** Promise: never throws; executes the operation as the person whose session the headers carry. */
export async function attempt<Output>(
  operation: AnyOperation<Output>,
  headers: Headers,
  organization: string | null,
  input: unknown,
): Promise<Attempt<Output>> {
  const { requestId, source } = callerOf(headers)
  try {
    const principal = await principalOfSession(headers, organization)
    return {
      ok: true,
      value: await execute(operation, { principal, source, requestId, at: new Date() }, input),
    }
  } catch (error) {
    return { ok: false, error: toAppError(error), requestId }
  }
}
