import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { caughtMail, caughtMails } from "./caught"

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "caught-test-"))
  const write = (name: string, subject: string, body = "Content-Type: text/plain\r\n\r\nHello\r\n") =>
    writeFileSync(
      path.join(folder, name),
      `From: Auditorium <audit@acme.example>\r\nTo: nadia@acme.example\r\nSubject: ${subject}\r\n${body}`,
    )
  write("2026-11-21T08-00-00.000Z-000002.eml", "Second")
  write("2026-11-21T08-00-00.000Z-000001.eml", "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=")
  write("2026-11-21T09-30-15.250Z-000001.eml", "Newest", "Content-Type: text/html\r\n\r\n<p>Hi</p>\r\n")
  write("2026-11-21T10-00-00.000Z-000003.eml.part", "Half written")
  write("other.eml", "Not ours")
  writeFileSync(path.join(folder, "2026-11-21T07-00-00.000Z-000001.eml"), "")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("mails are listed newest first, half-written ones not at all, an empty one as it is", async () => {
  const mails = await caughtMails(folder)
  expect(mails.map(({ subject }) => subject)).toEqual(["Newest", "Second", "Grüße", ""])
  expect(mails[0]).toEqual({
    id: "2026-11-21T09-30-15.250Z-000001",
    at: new Date("2026-11-21T09:30:15.250Z"),
    subject: "Newest",
    from: "Auditorium <audit@acme.example>",
    to: "nadia@acme.example",
  })
  expect(await caughtMails(path.join(folder, "none"))).toEqual([])
})

test("a mail is read whole: its parts, its headers, its source", async () => {
  const mail = await caughtMail(folder, "2026-11-21T08-00-00.000Z-000002")
  expect(mail).toMatchObject({
    html: null,
    headers: expect.arrayContaining([{ name: "Subject", value: "Second" }]),
  })
  expect(mail?.text?.trim()).toBe("Hello")
  expect(mail?.source).toContain("Subject: Second\r\n")
  expect((await caughtMail(folder, "2026-11-21T09-30-15.250Z-000001"))?.html).toContain("<p>Hi</p>")
})

test("nothing but a caught mail is read by that name", async () => {
  for (const id of [
    "other",
    "../secret",
    "2026-11-21T08-00-00.000Z-000009",
    "2026-11-21T08-00-00.000Z-000001/..",
  ])
    expect(await caughtMail(folder, id)).toBeNull()
})
