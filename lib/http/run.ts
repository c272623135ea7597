import { headers } from "next/headers"
import { notFound, redirect } from "next/navigation"
import { cache } from "react"
import { type Permission, permissionToAskFor } from "@/lib/access/permissions"
import type { ErrorCode, Fault } from "@/lib/errors"
import type { AnyOperation, Requirement } from "@/lib/operations/core/operation"
import { administratorsFor } from "./administrators"
import { type Authenticate, attempt } from "./attempt"
import { authenticateSession } from "./authenticate"
import { signInPath } from "./return-path"

/** What a page gets when the operation failed. Signed out and not found are handled before. */
export type Refused =
  | {
      readonly ok: false
      readonly code: "forbidden"
      readonly message: string
      /** The permission to ask for: the missing one, or the one that usually includes it. */
      readonly permission: Permission
      /** Members who can give it; nothing else of the organization was looked up. */
      readonly administrators: readonly { readonly name: string; readonly email: string }[]
    }
  | {
      readonly ok: false
      readonly code: Exclude<ErrorCode, "forbidden" | "unauthenticated" | "not-found" | "internal">
      readonly message: string
      /** For `invalid`: the faults of the url or the input, by pointer ("/operation"). */
      readonly faults: readonly Fault[]
      readonly retryAfterSeconds: number | undefined
      /** The id of the request in the server log. */
      readonly requestId: string
    }

/** What a page gets. */
export type Ran<Output> = { readonly ok: true; readonly value: Output } | Refused

// Frame, title and body of a page need the signed-in person; React caches it for this request only.
const principalOfPage = cache(async (organization: string | null) =>
  authenticateSession(await headers(), organization, new Date()),
)
const authenticatePage: Authenticate = (_, organization) => principalOfPage(organization)

/**
 * Runs an operation for a server component, as the signed-in person. `organization` is the slug in the url (null outside of
 * one). Signed out: redirects to the sign-in page and back. Not found, foreign or outside the Scope: the page's not-found.
 * Our own failures are thrown, for the error page.
 */
export async function run<Output>(
  operation: AnyOperation<Output>,
  organization: string | null,
  input: unknown,
): Promise<Ran<Output>> {
  const requestHeaders = await headers()
  const calling = { headers: requestHeaders, organization, authenticate: authenticatePage }
  const result = await attempt(operation, calling, input)
  if (result.ok) return { ok: true, value: result.value }
  const { code, message, faults, retryAfterSeconds } = result.error
  if (code === "unauthenticated") redirect(signInPath(requestHeaders, organization))
  if (code === "not-found") notFound()
  if (code === "internal") throw result.error
  if (code !== "forbidden")
    return { ok: false, code, message, faults, retryAfterSeconds, requestId: result.requestId }
  const administrators = await administratorsFor(result.principal)
  return { ok: false, code, message, permission: missing(operation.permission), administrators }
}

function missing(requirement: Requirement): Permission {
  if (requirement === "public" || requirement === "signed-in")
    throw new Error("an open operation cannot be forbidden")
  return permissionToAskFor(requirement)
}
