import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import PostalMime from "postal-mime"
import { afterEach, beforeEach, expect, it } from "vitest"
import { mailSender } from "@/lib/mail/transport"
import { readOrCreateMailKey } from "./data-directory.mjs"
import { catchMail, type MailCatcher } from "./mail-catcher.mjs"
import { readSettings } from "./settings.mjs"

let folder = ""
let catcher: MailCatcher
beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "catcher-test-"))
  catcher = await catchMail(path.join(folder, "mail"))
})
afterEach(async () => {
  await catcher.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

const mail = {
  id: "0199-test",
  recipient: "nadia@acme.example",
  subject: "Grüße",
  text: "Hello\n",
  html: "<p>Hello</p>",
}
const from = "Auditorium <audit@acme.example>"
const kept = () => fs.readdirSync(path.join(folder, "mail")).sort()
const modeOf = (...names: string[]) => (fs.statSync(path.join(folder, ...names)).mode & 0o777).toString(8)

it("keeps what our sender sends, in the order of its coming, for this account only", async () => {
  const { send } = mailSender({ smtpUrl: catcher.smtpUrl, from })
  for (const subject of ["Grüße", "Second"]) expect(await send({ ...mail, subject })).toEqual({ sent: true })
  const [first = "", second = ""] = kept()
  expect([modeOf("mail"), modeOf("mail", first)]).toEqual(["700", "600"])
  const parsed = await PostalMime.parse(fs.readFileSync(path.join(folder, "mail", first)))
  expect(parsed).toMatchObject({ subject: "Grüße", to: [{ address: mail.recipient }] })
  expect(parsed.text?.trim()).toBe("Hello")
  expect(parsed.html).toContain("<p>Hello</p>")
  expect(parsed.messageId).toBe(`<${mail.id}@acme.example>`)
  expect(fs.readFileSync(path.join(folder, "mail", second), "utf8")).toContain("Subject: Second")
})

it("keeps the newest 200", async () => {
  for (let count = 0; count < 200; count++)
    fs.writeFileSync(
      path.join(folder, "mail", `2026-01-01T00-00-00.000Z-${String(count).padStart(6, "0")}.eml`),
      "",
    )
  await mailSender({ smtpUrl: catcher.smtpUrl, from }).send(mail)
  expect(kept()).toHaveLength(200)
  expect(kept()[0]).toContain("-000001.eml")
})

it("takes nothing from another account of the machine, which does not know the password", async () => {
  for (const user of ["", "auditorium:guess@"]) {
    const smtpUrl = catcher.smtpUrl.replace(/\/\/.*@/, `//${user}`)
    expect(await mailSender({ smtpUrl, from }).send(mail)).toMatchObject({ sent: false, final: false })
  }
  expect(kept()).toEqual([])
})

it("has a key that stays, for this account only", () => {
  const key = readOrCreateMailKey(folder)
  expect(Buffer.from(key, "base64url")).toHaveLength(16)
  expect(readOrCreateMailKey(folder)).toBe(key)
  expect(modeOf("mail-key")).toBe("600")
})

it.each([
  ["with nothing set", {}, true],
  ["with an SMTP server", { SMTP_URL: "smtp://mail.example.com" }, false],
  ["where others can reach the console", { HOST: "0.0.0.0" }, false],
  ["behind a proxy for others", { BASE_URL: "https://audit.example.com" }, false],
  ["beside a database of somebody's own", { DATABASE_URL: "postgresql://app@db/x" }, false],
])("is there %s: %j", async (_, given, expected) => {
  const nothing = { DATABASE_URL: "", HOST: "", BASE_URL: "", SMTP_URL: "" }
  const secret = { SECRET: "0123456789abcdef0123456789abcdef" }
  const settings = await readSettings(process.cwd(), { ...process.env, ...nothing, ...secret, ...given })
  expect(settings.catchesMail).toBe(expected)
})
