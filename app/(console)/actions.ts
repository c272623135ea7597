"use server"

import { cookies, headers } from "next/headers"
import { type ActionResult, action, performAction } from "@/lib/http/action"
import { clearedSessionCookie } from "@/lib/http/sign-in/auth"
import { updateUserPassword } from "@/lib/operations/sign-in/change-password"
import { proveUserSession } from "@/lib/operations/sign-in/prove"
import { deleteAllUserSessions, deleteUserSession } from "@/lib/operations/sign-in/sign-out"
import { updateUser } from "@/lib/operations/sign-in/update-profile"

/** Ends the session here. */
export async function signOutAction(): Promise<ActionResult<unknown>> {
  return forgetSession(await performAction(deleteUserSession, await headers(), null, {}))
}

/** Ends every session of the person. */
export async function signOutEverywhereAction(): Promise<ActionResult<unknown>> {
  return forgetSession(await performAction(deleteAllUserSessions, await headers(), null, {}))
}

/** Proves the person's identity again. It changes nothing on screen, so nothing is rendered again under an open form. */
export async function proveAction(input: unknown): Promise<ActionResult<unknown>> {
  const result = await performAction(proveUserSession, await headers(), null, input)
  return result.ok ? { ok: true, value: null } : result
}

/** Changes the password; the other sessions end. */
export const changePasswordAction = action(updateUserPassword)

// A person whose session has already ended is signed out as well; after any other refusal the session still exists.
async function forgetSession(result: ActionResult<unknown>): Promise<ActionResult<unknown>> {
  if (!result.ok && result.code !== "unauthenticated") return result
  const jar = await cookies()
  jar.set(clearedSessionCookie())
  return { ok: true, value: null }
}

/** Stores the zone in which the person reads times. The page shows it by itself, so nothing is rendered again. */
export async function rememberZoneAction(input: unknown): Promise<ActionResult<unknown>> {
  const result = await performAction(updateUser, await headers(), null, input)
  return result.ok ? { ok: true, value: null } : result
}
