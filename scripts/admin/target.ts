import { randomUUID } from "node:crypto"
import { listOrganizations } from "@/lib/access/directory"
import { jobPrincipal, type OrganizationRef } from "@/lib/access/principal"
import { AppError } from "@/lib/errors"
import { execute } from "@/lib/operations/core/execute"
import type { AnyOperation, Caller } from "@/lib/operations/core/operation"
import { platform } from "@/lib/platform"
import type { Given } from "./arguments"

/**
 * Returns the organization named by `--organization`, or the only one. Throws AppError when there is none, or more than
 * one.
 */
export async function chosen(given: Given): Promise<OrganizationRef> {
  const all = await listOrganizations(platform().database)
  const slug = given.maybe("organization")
  const [only, ...others] = slug === undefined ? all : all.filter(one => one.slug === slug)
  if (only && others.length === 0) return only
  if (slug !== undefined) throw new AppError("not-found", `There is no organization "${slug}".`)
  if (!only)
    throw new AppError(
      "not-found",
      "There is no organization yet. Make one with: npm run admin -- organization create",
    )
  throw new AppError(
    "invalid",
    `Say which organization with --organization: ${all.map(one => one.slug).join(", ")}.`,
  )
}

/** Runs an operation in the organization as this command. */
export function call<Output>(
  operation: AnyOperation<Output>,
  target: OrganizationRef,
  input: unknown,
): Promise<Output> {
  const caller: Caller = {
    principal: jobPrincipal("admin-command", target),
    source: undefined,
    requestId: randomUUID(),
    at: new Date(),
  }
  return execute(operation, caller, input)
}

/** The base url of links. */
export function baseUrl(): string {
  return platform().env.baseUrl
}
