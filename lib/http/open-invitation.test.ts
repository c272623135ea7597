import { expect, test } from "vitest"
import { openInvitationCookie, readOpenInvitation } from "./open-invitation"

test.each([
  { baseUrl: "https://audit.example", name: "__Host-auditorium.invitation", secure: true },
  { baseUrl: "http://127.0.0.1:3000", name: "auditorium.invitation", secure: false },
])(
  "the invitation is remembered out of reach of scripts and other sites, for a short time: $baseUrl",
  ({ baseUrl, name, secure }) => {
    const cookie = openInvitationCookie("abc", baseUrl)
    expect(cookie).toEqual({
      ...{ name, value: "abc", secure, httpOnly: true, sameSite: "lax", path: "/", maxAge: 900 },
    })
    const sent = new Headers({ cookie: `a=b; ${name}=abc` })
    expect(readOpenInvitation(sent, baseUrl)).toBe("abc")
    expect(readOpenInvitation(new Headers(), baseUrl)).toBeNull()
  },
)
