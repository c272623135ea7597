import { readCookie } from "@/lib/access/sign-in/cookies"
import { platform } from "@/lib/platform"

/** Where the invitation is answered that the cookie remembers: an address without anything secret. */
export const openInvitationPath = "/invitations"

const minutesRemembered = 15

/**
 * Promise: the cookie that remembers, while somebody signs in, which invitation they want to answer: so its link needs to be
 * in no other address. Out of reach of scripts, for a quarter of an hour.
 */
export function openInvitationCookie(token: string, baseUrl = platform().env.baseUrl) {
  const secure = new URL(baseUrl).protocol === "https:"
  return {
    name: nameFor(secure),
    value: token,
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure,
    maxAge: minutesRemembered * 60,
  } as const
}

/** Promise: the token that the browser remembers, as it sent it, or null. */
export function readOpenInvitation(headers: Headers, baseUrl = platform().env.baseUrl): string | null {
  return readCookie(headers.get("cookie"), nameFor(new URL(baseUrl).protocol === "https:"))
}

function nameFor(secure: boolean): string {
  return `${secure ? "__Host-" : ""}auditorium.invitation`
}
