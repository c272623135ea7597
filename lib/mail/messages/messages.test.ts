import { describe, expect, test } from "vitest"
import { invitationMail } from "./invitation"
import { passwordChangedMail, passwordResetMail, signInLinkMail } from "./sign-in"

const url = "https://audit.example.com/invitations/abc?x=1&y=2"
const expiresAt = new Date("2026-12-03T14:05:00Z")
const hostile = '"><script>alert(1)</script>\r\nBcc: eve@evil.example \u202e www.evil.example'

const invitation = (name: string) =>
  invitationMail({
    organizationName: name,
    inviterName: name,
    url,
    expiresAt,
    roleNames: [name],
    appNames: [name],
    email: "nadia@acme.example",
  })

describe.each([
  ["invitation", invitation(hostile)],
  ["sign-in link", signInLinkMail({ name: hostile, url, expiresAt })],
  ["password reset", passwordResetMail({ name: hostile, url, expiresAt })],
])("the %s mail", (_, { subject, text, html }) => {
  test("carries the one link in both parts, and no other address", () => {
    expect(text.match(/https?:\/\/\S+/g)).toEqual([url])
    const links = Array.from(html.matchAll(/href="([^"]*)"/g), match => match[1])
    expect(links).toEqual([url.replaceAll("&", "&#38;"), url.replaceAll("&", "&#38;")])
  })

  test("shows a hostile name as text and keeps its headers", () => {
    expect(html).not.toContain("<script")
    expect(html).toContain("&#60;script&#62;")
    expect(subject).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(text).not.toContain("\r")
    expect(text).not.toContain("\u202e")
    expect(`${subject}${text}${html}`).not.toContain("www.evil.example")
  })

  test("loads nothing from elsewhere", () => {
    expect(html).not.toMatch(/<img|<link|url\(|@import|src=/)
  })
})

test("the notice of a changed password carries no link at all", () => {
  const { text, html } = passwordChangedMail({ name: "Nadia", at: expiresAt })
  expect(`${text}${html}`).not.toMatch(/https?:/)
  expect(text).toContain("3 December 2026, 14:05 UTC")
})

describe("a name that is written from right to left", () => {
  const { subject, text, html } = invitation("شركة \u202eأحمد")

  test("stands isolated in the subject and in both parts, each isolation closed", () => {
    for (const part of [subject, text, html]) {
      expect(part).toContain("\u2068شركة أحمد\u2069")
      expect(part.match(/\u2068/g)).toHaveLength(part.match(/\u2069/g)?.length ?? 0)
      expect(part.replace(/\u2068[^\u2068\u2069]*\u2069/g, "")).not.toMatch(/[\u0600-\u06ff]/)
    }
  })

  test("cannot end its isolation by itself", () => {
    const hostileName = invitation("أحمد\u2069\u2069 has left")
    expect(hostileName.subject).toBe(
      "\u2068أحمد\u2069 has left invites you to \u2068أحمد\u2069 has left on Auditorium",
    )
  })
})
