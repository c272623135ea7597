"use server"

import { headers } from "next/headers"
import { type ActionResult, performAction } from "@/lib/http/action"
import { redeemSignInLink } from "@/lib/operations/sign-in/sign-in"

/** Sets a password by a one-time link, and tells the address to sign in with. */
export async function redeemLinkAction(input: unknown): Promise<ActionResult<{ readonly email: string }>> {
  const result = await performAction(redeemSignInLink, await headers(), null, input)
  return result.ok ? { ok: true, value: { email: result.value.email } } : result
}
