import { expect, test } from "vitest"
import { db, setUpPlatform } from "@/test/platform"
import { passwordResetMail } from "./messages/sign-in"
import { enqueueMail } from "./queue"
import { openContent } from "./sealed-content"
import { mailState } from "./state"

const secret = "a secret of the mail tests, long enough to be one"
const url = "https://audit.example.com/sign-in/link?token=0123456789abcdef"
const at = new Date("2026-11-21T08:00:00Z")
const message = passwordResetMail({ name: "Nadia", url, expiresAt: at })

setUpPlatform({ SECRET: secret })

const enqueue = (recipient: string) =>
  db.database.withOrganizationPrisma(null, ({ prisma }) =>
    enqueueMail(prisma, { purpose: "password-reset", recipient, message, at }),
  )

test("a mail is queued with its content sealed: the database holds no link", async () => {
  const { mailId } = await enqueue("nadia@acme.example")
  const row = await db.database.prisma.mailMessage.findUniqueOrThrow({ where: { id: mailId } })
  const stored = Buffer.from(row.sealedContent ?? []).toString("latin1")
  expect(stored.length).toBeGreaterThan(message.html.length)
  expect(stored).not.toContain("token=")
  expect(JSON.stringify({ ...row, sealedContent: null })).not.toContain("token=")
  expect(openContent(secret, row, row.sealedContent ?? new Uint8Array())).toEqual({
    text: message.text,
    html: message.html,
  })
  expect(mailState(row)).toEqual({ state: "queued", at })
})

test("a sealed content opens for its own mail only, and only with the secret", async () => {
  const { mailId } = await enqueue("nadia@acme.example")
  const row = await db.database.prisma.mailMessage.findUniqueOrThrow({ where: { id: mailId } })
  const sealed = row.sealedContent ?? new Uint8Array()
  expect(() => openContent(secret, { ...row, recipient: "eve@evil.example" }, sealed)).toThrow(
    "cannot be opened",
  )
  expect(() => openContent(`${secret}.`, row, sealed)).toThrow("cannot be opened")
})

test("a mail of a transaction that does not commit is not queued", async () => {
  const before = await db.database.prisma.mailMessage.count()
  const failing = db.database.withOrganizationPrisma(null, async ({ prisma }) => {
    await enqueueMail(prisma, { purpose: "password-reset", recipient: "nadia@acme.example", message, at })
    throw new Error("the change fails")
  })
  await expect(failing).rejects.toThrow()
  expect(await db.database.prisma.mailMessage.count()).toBe(before)
})

test("an address with anything around it is refused", async () => {
  for (const recipient of [
    "a@b.example, c@d.example",
    "A <a@b.example>",
    "a@b.example\r\nBcc: c@d.example",
    "a",
  ])
    await expect(enqueue(recipient)).rejects.toThrow("plain address")
})
