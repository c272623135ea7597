"use server"

import { headers } from "next/headers"
import { type ActionResult, performAction } from "@/lib/http/action"
import { evenAnswerMs, noSoonerThan } from "@/lib/http/even-time"
import type { AnyOperation } from "@/lib/operations/core/operation"
import { requestPasswordReset, requestSignInLink } from "@/lib/operations/sign-in/link-requests"
import { redeemSignInLink } from "@/lib/operations/sign-in/sign-in"

/** Sets a password by a one-time link, and returns the email to sign in with. */
export async function redeemLinkAction(input: unknown): Promise<ActionResult<{ readonly email: string }>> {
  const result = await performAction(redeemSignInLink, await headers(), null, input)
  return result.ok ? { ok: true, value: { email: result.value.email } } : result
}

/** Mails a sign-in link. The response is the same for known and unknown emails. */
export async function requestSignInLinkAction(input: unknown): Promise<ActionResult<null>> {
  return askForMail(requestSignInLink, input)
}

/** Mails a link to set a new password, in the same way. */
export async function requestPasswordResetAction(input: unknown): Promise<ActionResult<null>> {
  return askForMail(requestPasswordReset, input)
}

async function askForMail(operation: AnyOperation, input: unknown): Promise<ActionResult<null>> {
  const given = await headers()
  const result = await noSoonerThan(evenAnswerMs, () => performAction(operation, given, null, input))
  return result.ok ? { ok: true, value: null } : result
}
