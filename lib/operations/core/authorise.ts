import { isBlind, reachesWholeLog, showsWholeLog } from "@/lib/access/grants"
import type { Permission } from "@/lib/access/permissions"
import { AppError } from "@/lib/errors"
import type { AnyOperation, Caller } from "./operation"

/** The age up to which a proof of identity counts as recent, in milliseconds (OWASP ASVS 5.0, 7.5.3). */
export const recentProofMs = 5 * 60 * 1000

/**
 * Throws AppError unless the caller may call the operation: `unauthenticated` without a session or key, else
 * `forbidden`.
 */
export function authorise(operation: Pick<AnyOperation, "name" | "permission">, caller: Caller): void {
  requirePermission(operation.permission, caller)
}

/**
 * Throws AppError `proof-required` unless the person has proven their identity recently. For keys and jobs each use
 * is a proof.
 */
export function requireRecentProof({ principal, at }: Caller): void {
  if (principal.kind !== "person") return
  if (at.getTime() - principal.provenAt.getTime() <= recentProofMs) return
  throw new AppError(
    "proof-required",
    "Prove again that it is you: your last proof is more than five minutes old.",
  )
}

function requirePermission(required: AnyOperation["permission"], { principal }: Caller): void {
  if (required === "public") return
  if (principal.kind === "anonymous") throw new AppError("unauthenticated", "Sign in, or send an API key.")
  if (required === "signed-in") {
    if (principal.kind === "person") return
    throw new AppError("forbidden", "Only a person who is signed in can do this.")
  }
  if (principal.organization === null || principal.scope === null) throw lacking(required)
  if (!principal.permissions.has(required)) throw lacking(required)
  if (reachesWholeLog(required) && !showsWholeLog(principal.scope)) {
    throw new AppError(
      "forbidden",
      `The permission ${required} counts only together with the permission to read all logs, for every app.`,
    )
  }
  // An empty answer would look as if nothing had happened.
  if (isBlind(required, principal.scope)) {
    throw new AppError(
      "forbidden",
      `The permission ${required} is held for no app, so there is nothing to see.`,
    )
  }
}

function lacking(permission: Permission): AppError {
  return new AppError("forbidden", `This needs the permission ${permission}.`)
}
