import { covers } from "@/lib/access/grants"
import { apiKeyAsOfNow } from "@/lib/access/keys/key-as-of-now"
import { type Principal, principalAsOfNow } from "@/lib/access/principal"
import { AppError, type ErrorCode } from "@/lib/errors"
import { platform } from "@/lib/platform"
import { authorise } from "./authorise"
import type { AnyOperation, Caller } from "./operation"

/**
 * For work that goes on after its call was authorised. Throws AppError when the caller could not start it now: the
 * session or the key has ended, or the membership, the permission or a part of the visible apps was removed.
 */
export async function refuseIfNoLonger(
  operation: Pick<AnyOperation, "name" | "permission">,
  caller: Caller,
): Promise<void> {
  const before = caller.principal
  const principal = await asOfNow(caller)
  authorise({ name: operation.name, permission: operation.permission }, { ...caller, principal })
  if (before.scope === null || (principal.scope !== null && covers(principal.scope, before.scope))) return
  throw new AppError("forbidden", "What you may see of the log has become less. Ask again.")
}

const refusals: ReadonlySet<ErrorCode> = new Set(["unauthenticated", "forbidden", "not-found"])

/** Returns whether an error of `refuseIfNoLonger` is a refusal, rather than a check that failed. */
export function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && refusals.has(error.code)
}

async function asOfNow({ principal, source }: Caller): Promise<Principal> {
  const context = { database: platform().database, at: new Date() }
  if (principal.kind === "person") return principalAsOfNow(principal, context)
  if (principal.kind === "api-key") return apiKeyAsOfNow(principal, source?.ip ?? null, context)
  return principal
}
