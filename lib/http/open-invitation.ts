import { readCookie } from "@/lib/access/sign-in/cookies"
import { platform } from "@/lib/platform"

/** The url for answering the invitation in the cookie; it contains nothing secret. */
export const openInvitationPath = "/invitations"

const minutesRemembered = 15

/**
 * Returns the cookie that remembers the invitation while its recipient signs in, so that its link appears in no other url.
 * Inaccessible to scripts, valid for a quarter of an hour.
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

/** Returns the token in the cookie as the browser sent it, or null. */
export function readOpenInvitation(headers: Headers, baseUrl = platform().env.baseUrl): string | null {
  return readCookie(headers.get("cookie"), nameFor(new URL(baseUrl).protocol === "https:"))
}

function nameFor(secure: boolean): string {
  return `${secure ? "__Host-" : ""}auditorium.invitation`
}
