"use server"

import { cookies, headers } from "next/headers"
import { type ActionResult, performAction } from "@/lib/http/action"
import { openInvitationCookie } from "@/lib/http/open-invitation"
import { acceptInvitation } from "@/lib/operations/invitations/accept"
import { declineInvitation } from "@/lib/operations/invitations/decline"
import { findInvitation } from "@/lib/operations/invitations/find"

// None of these renders the page again: the page of an answered invitation is not found.

/** Accepts, and returns the url to continue with and the email to sign in with. */
export async function acceptInvitationAction(
  input: unknown,
): Promise<ActionResult<{ readonly slug: string; readonly email: string }>> {
  const result = await performAction(acceptInvitation, await headers(), null, input)
  if (!result.ok) return result
  const { organization, email } = result.value.invitation
  return { ok: true, value: { slug: organization.slug, email } }
}

/** Declines. */
export async function declineInvitationAction(input: unknown): Promise<ActionResult<null>> {
  const result = await performAction(declineInvitation, await headers(), null, input)
  return result.ok ? { ok: true, value: null } : result
}

/** Stores the link of an open invitation in a cookie, so that it can be answered after signing in. */
export async function rememberInvitationAction(token: unknown): Promise<ActionResult<null>> {
  const result = await performAction(findInvitation, await headers(), null, { token })
  if (!result.ok) return result
  const jar = await cookies()
  jar.set(openInvitationCookie(String(token)))
  return { ok: true, value: null }
}
