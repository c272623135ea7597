import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { leaseMs } from "@/lib/mail/claims"
import { passwordResetMail } from "@/lib/mail/messages/sign-in"
import { enqueueMail } from "@/lib/mail/queue"
import { givenUpAfterMs } from "@/lib/mail/retry"
import { mailState, noServerReason } from "@/lib/mail/state"
import { mailSender } from "@/lib/mail/transport"
import { neverAServerReason } from "@/lib/mail/waiting"
import { compiledScript } from "@/test/compiled"
import { db, setUpPlatform } from "@/test/platform"
import { startSmtp, type TestSmtp } from "@/test/smtp"
import { deliverMailJob } from "./deliver-mail"

const secret = "a secret of the delivery tests, long enough"
const token = "0123456789abcdefghijklmnopqrstuv"
const url = `https://audit.example.com/sign-in/link?token=${token}`
const recipient = "nadia@acme.example"
const from = "Acme, Inc. <audit@acme.example>"
const at = new Date("2026-11-21T08:00:00Z")
const message = passwordResetMail({ name: "Nadia", url, expiresAt: at })

setUpPlatform({ SECRET: secret })

beforeEach(() => db.database.prisma.mailMessage.deleteMany())

const servers: TestSmtp[] = []
const serve = async (options?: Parameters<typeof startSmtp>[0]) => {
  const server = await startSmtp(options)
  servers.push(server)
  return server
}
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())))

async function enqueue(queuedAt = at): Promise<string> {
  const { mailId } = await db.database.withOrganizationPrisma(null, ({ prisma }) =>
    enqueueMail(prisma, { purpose: "password-reset", recipient, message, at: queuedAt }),
  )
  return mailId
}

const addressOf = ({ port }: TestSmtp, login = "", search = "") => `smtp://${login}127.0.0.1:${port}${search}`

function deliver(smtpUrl: string | null, now = at, sealedWith = secret) {
  const sender = smtpUrl === null ? null : mailSender({ smtpUrl, from })
  return deliverMailJob(db.database, { sender, secret: sealedWith, now: () => now }).run(now)
}

const rowOf = (id: string) => db.database.prisma.mailMessage.findUniqueOrThrow({ where: { id } })
const stateOf = async (id: string) => mailState(await rowOf(id))

test("a mail arrives with text and HTML, says who it is from, and which mail it is", async () => {
  const server = await serve()
  const id = await enqueue()
  expect(await deliver(addressOf(server))).toEqual({ outcome: "done", sent: 1, retried: 0, failed: 0 })
  expect(server.mails).toHaveLength(1)
  const [mail] = server.mails
  expect(mail).toMatchObject({
    from: { name: "Acme, Inc.", address: "audit@acme.example" },
    to: [{ address: recipient }],
    subject: message.subject,
    messageId: `<${id}@acme.example>`,
  })
  expect(mail?.text?.trim()).toBe(message.text.trim())
  expect(mail?.html?.trim()).toBe(message.html.trim())
  expect(await stateOf(id)).toEqual({ state: "sent", at })
  expect(await deliver(addressOf(server))).toEqual({ outcome: "idle" })
})

test("a server that asks to come back later gets the same mail later", async () => {
  const server = await serve({
    answer: (_, count) => (count === 1 ? { code: 450, message: "Greylisted, come back" } : null),
  })
  const id = await enqueue()
  await deliver(addressOf(server))
  const waiting = await stateOf(id)
  expect(waiting).toMatchObject({ state: "retrying", reason: expect.stringContaining("450 Greylisted") })
  expect(waiting.at.getTime()).toBeGreaterThan(at.getTime())
  expect(await deliver(addressOf(server), new Date(waiting.at.getTime() - 1))).toEqual({ outcome: "idle" })
  // The recipient is accepted now; the mail itself is refused temporarily once more.
  await deliver(addressOf(server), waiting.at)
  const again = await stateOf(id)
  expect(again).toMatchObject({ state: "retrying" })
  await deliver(addressOf(server), again.at)
  expect(await stateOf(id)).toEqual({ state: "sent", at: again.at })
  expect(server.mails.map(({ messageId }) => messageId)).toEqual([`<${id}@acme.example>`])
})

test("a recipient or a mail that is refused for good is given up, with the reason, and its content is gone", async () => {
  for (const about of ["recipient", "mail"] as const) {
    const server = await serve({
      answer: asked => (asked === about ? { code: 550, message: `No such user, see ${url}` } : null),
    })
    const id = await enqueue()
    expect(await deliver(addressOf(server))).toMatchObject({ failed: 1 })
    const { state, reason } = await stateOf(id)
    expect(state).toBe("failed")
    expect(reason).toContain(`did not accept the ${about}: 550 No such user`)
    expect(reason).not.toContain(token)
    expect((await rowOf(id)).sealedContent).toBeNull()
  }
})

test("while the server is down the mail waits; when it is back the mail leaves", async () => {
  const { port, close } = await startSmtp()
  await close()
  const id = await enqueue()
  await deliver(`smtp://127.0.0.1:${port}`)
  const waiting = await stateOf(id)
  expect(waiting).toMatchObject({
    state: "retrying",
    reason: expect.stringContaining("nothing listens there"),
  })
  const server = await serve({ port })
  await deliver(addressOf(server), waiting.at)
  expect(await stateOf(id)).toMatchObject({ state: "sent" })
})

describe("the login", () => {
  const login = { user: "auditorium", password: "an open door" }

  test("is given when the server asks for it", async () => {
    const server = await serve({ login })
    const id = await enqueue()
    await deliver(addressOf(server, "auditorium:an%20open%20door@"))
    expect(await stateOf(id)).toMatchObject({ state: "sent" })
  })

  test("that is wrong is said in words and keeps the mail; the password stands nowhere", async () => {
    const server = await serve({ login })
    const id = await enqueue()
    await deliver(addressOf(server, "auditorium:another-door@"))
    const { state, reason } = await stateOf(id)
    expect(state).toBe("retrying")
    expect(reason).toContain("did not accept the user name and the password of SMTP_URL (535)")
    expect(reason).not.toContain("another-door")
  })

  test("that is missing is said in words and keeps the mail", async () => {
    const server = await serve({ login })
    const id = await enqueue()
    await deliver(addressOf(server))
    expect(await stateOf(id)).toMatchObject({ state: "retrying", reason: expect.stringContaining("530") })
  })
})

describe("TLS", () => {
  test("with a certificate that is not trusted is an error in words, and nothing is handed over", async () => {
    const server = await serve({ untrusted: true })
    const id = await enqueue()
    await deliver(addressOf(server))
    const { state, reason } = await stateOf(id)
    expect(state).toBe("retrying")
    expect(reason).toContain("could not prove who it is: its TLS certificate is not trusted (it ")
    expect(server.mails).toEqual([])
  })

  test("that is required and not offered keeps the mail", async () => {
    const server = await serve()
    const id = await enqueue()
    await deliver(addressOf(server, "", "?tls=required"))
    expect(await stateOf(id)).toMatchObject({
      state: "retrying",
      reason: expect.stringContaining("did not begin TLS"),
    })
    expect(server.mails).toEqual([])
  })
})

describe("without a server", () => {
  test("a mail stays queued and says why, once; it leaves as soon as there is one", async () => {
    const id = await enqueue()
    expect(await deliver(null)).toEqual({ outcome: "done", waiting: 1, givenUp: 0 })
    expect(await deliver(null)).toEqual({ outcome: "idle" })
    expect(await stateOf(id)).toEqual({ state: "queued", at, reason: noServerReason })
    await deliver(addressOf(await serve()))
    expect(await stateOf(id)).toEqual({ state: "sent", at })
  })

  test("a mail whose links have become useless is given up", async () => {
    const id = await enqueue(new Date(at.getTime() - givenUpAfterMs - 1))
    expect(await deliver(null)).toEqual({ outcome: "done", waiting: 0, givenUp: 1 })
    expect(await stateOf(id)).toEqual({ state: "failed", at, reason: neverAServerReason })
  })
})

test("a mail that was sealed with another SECRET is given up and says so", async () => {
  const server = await serve()
  const id = await enqueue()
  await deliver(addressOf(server), at, `${secret}.`)
  expect(await stateOf(id)).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("another SECRET"),
  })
})

test("a mail that keeps failing for two days is given up", async () => {
  const { port, close } = await startSmtp()
  await close()
  const id = await enqueue()
  await deliver(`smtp://127.0.0.1:${port}`, new Date(at.getTime() + givenUpAfterMs))
  expect(await stateOf(id)).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("nothing listens"),
  })
})

// Linux connects 0.0.0.0 to 127.0.0.1, which is not the server that the operator has named.
test("a mail goes to the ip of the configured server only", async () => {
  const server = await serve()
  const id = await enqueue()
  await deliver(`smtp://0.0.0.0:${server.port}`)
  expect(await stateOf(id)).toMatchObject({
    state: "retrying",
    reason: expect.stringContaining("The SMTP server 0.0.0.0"),
  })
  expect(server.mails).toEqual([])
})

test("several workers send each of many mails once", async () => {
  const server = await serve()
  for (let count = 0; count < 30; count++) await enqueue()
  await Promise.all([1, 2, 3].map(() => deliver(addressOf(server))))
  const ids = server.mails.map(({ messageId }) => messageId)
  expect(ids).toHaveLength(30)
  expect(new Set(ids).size).toBe(30)
})

test("a mail whose worker was killed between claim and sending leaves after the lease", async () => {
  const silent = await serve({ silent: true })
  const id = await enqueue(new Date())
  const worker = spawn(process.execPath, [await compiledScript("scripts/worker.ts")], {
    env: {
      ...process.env,
      LOG_LEVEL: "silent",
      DATABASE_URL: db.applicationUrl,
      DATABASE_OWNER_URL: "",
      SECRET: secret,
      SMTP_URL: addressOf(silent),
    },
    stdio: "ignore",
  })
  const ended = new Promise(resolve => worker.once("exit", (_, signal) => resolve(signal)))
  await silent.begun
  worker.kill("SIGKILL")
  expect(await ended).toBe("SIGKILL")
  const { attempts, nextAttemptAt, sealedContent } = await rowOf(id)
  expect({ attempts, hasContent: sealedContent !== null }).toEqual({ attempts: 1, hasContent: true })
  const server = await serve()
  expect(await deliver(addressOf(server), new Date(nextAttemptAt.getTime() - 1))).toEqual({ outcome: "idle" })
  expect(nextAttemptAt.getTime()).toBeLessThan(Date.now() + leaseMs + 1)
  await deliver(addressOf(server), nextAttemptAt)
  expect(server.mails.map(({ messageId }) => messageId)).toEqual([`<${id}@acme.example>`])
})

test("no copy of the database holds a link, whatever state its mail is in", async () => {
  const refusing = await serve({ answer: () => ({ code: 550, message: `I do not take ${url} ${token}` }) })
  const later = await serve({ answer: () => ({ code: 451, message: `Later: ${url} ${token}` }) })
  for (const server of [await serve(), refusing, later]) {
    await enqueue()
    await deliver(addressOf(server))
  }
  await enqueue()
  await db.database.prisma.person.create({
    data: { id: randomUUID(), email: recipient, name: "what is looked for is found" },
  })
  const copy = await wholeDatabase()
  expect(copy).toContain("what is looked for is found")
  expect(copy.match(/nadia@acme\.example/g)?.length).toBeGreaterThan(4)
  for (const spelling of [token, Buffer.from(token).toString("hex"), "token="])
    expect(copy).not.toContain(spelling)
})

/** Every row of every table as text, bytes in hexadecimal, like a dump. */
async function wholeDatabase(): Promise<string> {
  const { rows: tables } = await db.owner.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  const copies: string[] = []
  for (const { name } of tables) {
    const { rows } = await db.owner.query<{ copy: string }>(
      `SELECT coalesce(string_agg(t::text, E'\\n'), '') AS copy FROM ${name} t`,
    )
    copies.push(rows[0]?.copy ?? "")
  }
  return copies.join("\n")
}
