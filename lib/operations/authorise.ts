import type { Permission } from "@/lib/access/permissions"
import { AppError } from "@/lib/errors"
import type { AnyOperation, Caller } from "./operation"

/** Throws AppError unless the caller may call the operation: `unauthenticated` for nobody, `forbidden` for somebody. */
export function authorise(operation: Pick<AnyOperation, "name" | "permission">, { principal }: Caller): void {
  const required = operation.permission
  if (required === "public") return
  if (principal.kind === "anonymous") throw new AppError("unauthenticated", "Sign in, or send an API key.")
  if (required === "signed-in") {
    if (principal.kind === "person") return
    throw new AppError("forbidden", "Only a person who is signed in can do this.")
  }
  if (principal.organization === null || principal.scope === null) throw lacking(required)
  if (!principal.permissions.has(required)) throw lacking(required)
}

function lacking(permission: Permission): AppError {
  return new AppError("forbidden", `This needs the permission ${permission}.`)
}
