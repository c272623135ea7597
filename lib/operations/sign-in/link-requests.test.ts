import { beforeAll, describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import {
  callerOf,
  job,
  makeAccount,
  makeOrganization,
  nobody,
  password,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { addMember } from "@/lib/operations/members/add"
import { db, platform } from "@/test/platform"
import { mailedLink, mailedToken } from "./fixtures/mailed"
import { areLive } from "./fixtures/sessions"
import { requestPasswordReset, requestSignInLink } from "./link-requests"
import { createUserSession, redeemSignInLink } from "./sign-in"

setUpHome(beforeAll)

const requests = [requestSignInLink, requestPasswordReset] as const
const fresh = "another horse battery"

const ask = (operation: (typeof requests)[number], email: string, given: { at?: Date; ip?: string } = {}) =>
  execute(operation, nobody(given), { email })

async function mailsTo(email: string): Promise<readonly { readonly purpose: string }[]> {
  return platform.database.prisma.mailMessage.findMany({
    where: { recipient: email },
    orderBy: { id: "asc" },
    select: { purpose: true },
  })
}

/** Returns the stored links of a person, newest first. */
async function storedLinks(email: string) {
  return platform.database.prisma.signInLink.findMany({
    where: { person: { email } },
    orderBy: { createdAt: "desc" },
    select: { id: true, purpose: true, tokenHash: true, usedAt: true, voidedAt: true },
  })
}

async function linkOf(operation: (typeof requests)[number], email: string, at = new Date()): Promise<string> {
  await ask(operation, email, { at })
  return mailedToken(email)
}

const open = (token: string, more: { at?: Date; previousSessionId?: string } = {}) =>
  execute(createUserSession, nobody({ at: more.at }), {
    token,
    ...(more.previousSessionId !== undefined && { previousSessionId: more.previousSessionId }),
  })

const wordsOf = (work: Promise<unknown>) =>
  work.then(
    () => "accepted",
    error => JSON.stringify([error.code, error.message, error.faults]),
  )

describe.each(requests)("asking for a mail ($name)", operation => {
  test("queues one for somebody known and none for nobody; who asks is told the same", async () => {
    const { email } = await makeAccount(home)
    const unknown = `nobody-${email}`
    for (const address of [email, ` ${email.toUpperCase()} `, unknown]) {
      await expect(ask(operation, address)).resolves.toBeDefined()
    }
    const purpose = operation === requestSignInLink ? "sign-in-link" : "password-reset"
    expect(await mailsTo(email)).toEqual([{ purpose }, { purpose }])
    expect(await mailsTo(unknown)).toEqual([])
  })

  test("is an event in each log of the person, by nobody in particular, without the link", async () => {
    const second = await makeOrganization()
    const { email, personId } = await makeAccount(home)
    await execute(addMember, job(second), { email, name: "Ada", roles: ["Member"] })
    await ask(operation, email, { ip: "198.51.100.31" })
    for (const organization of [home, second]) {
      const event = (await readLog(db, organization)).at(-1)
      expect(event).toMatchObject({
        operation: operation.name,
        status: "success",
        actor: { type: "anonymous" },
        targets: [{ type: "user", id: personId }],
        source: { ip: "198.51.100.31" },
      })
      expect(JSON.stringify(event)).not.toContain("token")
    }
  })

  test("is limited to five in an hour for an address, known or not, in the same words", async () => {
    const { email } = await makeAccount(home)
    const at = new Date()
    const words = []
    for (const address of [email, `nobody-${email}`]) {
      for (let n = 0; n < 5; n += 1) await ask(operation, address, { at })
      words.push(await wordsOf(ask(operation, address, { at })))
    }
    expect(words[0]).toMatch(/^\["rate-limited","Too many attempts/)
    expect(words[1]).toBe(words[0])
    expect(await mailsTo(email)).toHaveLength(5)
    await expect(ask(operation, email, { at: new Date(at.getTime() + 60 * 60_000) })).resolves.toBeDefined()
  })

  test("is limited to thirty in an hour for who asks, whatever the address", async () => {
    const ip = operation === requestSignInLink ? "192.0.2.61" : "192.0.2.62"
    for (let n = 0; n < 30; n += 1) await ask(operation, `asked-${n}@acme.example`, { ip })
    await expect(ask(operation, "asked@acme.example", { ip })).rejects.toMatchObject({ code: "rate-limited" })
    await expect(ask(operation, "asked@acme.example", { ip: "192.0.2.63" })).resolves.toBeDefined()
  })

  test("stores a hash of the link and no more, and leaves earlier links good", async () => {
    const { email } = await makeAccount(home)
    const first = await linkOf(operation, email)
    await ask(operation, email)
    const live = (await storedLinks(email)).filter(link => link.usedAt === null && link.voidedAt === null)
    expect(live).toHaveLength(2)
    const { rows } = await db.superuser.query("SELECT mail_message::text AS row FROM mail_message")
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map(row => row.row).join()).not.toContain("/sign-in/")
    const used =
      operation === requestSignInLink
        ? open(first)
        : execute(redeemSignInLink, nobody(), { token: first, password: fresh })
    await expect(used).resolves.toBeDefined()
  })
})

describe("a link that signs in", () => {
  test("leads back to the page that was wanted, at the address of the installation", async () => {
    const { email } = await makeAccount(home)
    await execute(requestSignInLink, nobody(), { email, returnTo: "/acme/admin?a=1&b=2" })
    const link = await mailedLink(email)
    expect(link.origin).toBe(platform.env.baseUrl)
    expect(link.pathname).toBe("/sign-in/e-mail")
    expect(link.searchParams.get("return")).toBe("/acme/admin?a=1&b=2")
  })

  test("opens a new session, ends the one that the browser had, and says how in the log", async () => {
    const { email, personId } = await makeAccount(home)
    const [here, there] = [await signIn(email), await signIn(email)]
    const { sessionId } = await open(await linkOf(requestSignInLink, email), { previousSessionId: here })
    expect(await areLive(here, there, sessionId)).toEqual([false, true, true])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.create",
      status: "success",
      actor: { type: "user", id: personId },
      metadata: { method: "sign-in-link" },
    })
    const [session] = await platform.database.prisma.session.findMany({
      where: { personId },
      orderBy: { createdAt: "desc" },
    })
    expect(session?.method).toBe("sign-in-link")
  })

  test("used at the same time by two opens one session", async () => {
    const { email, personId } = await makeAccount(home)
    const token = await linkOf(requestSignInLink, email)
    const ends = await Promise.allSettled([open(token), open(token), open(token)])
    expect(ends.map(end => end.status).sort()).toEqual(["fulfilled", "rejected", "rejected"])
    expect(await platform.database.prisma.session.count({ where: { personId } })).toBe(1)
  })

  test("makes the person's other sign-in links worthless, and not the ones that set a password", async () => {
    const { email } = await makeAccount(home)
    const at = new Date()
    const [first, second] = [
      await linkOf(requestSignInLink, email, at),
      await linkOf(requestSignInLink, email, new Date(at.getTime() + 1)),
    ]
    const reset = await linkOf(requestPasswordReset, email, new Date(at.getTime() + 2))
    await open(first)
    expect(await wordsOf(open(second))).toContain("This link cannot be used")
    await expect(
      execute(redeemSignInLink, nobody(), { token: reset, password: fresh }),
    ).resolves.toBeDefined()
  })

  test("unknown, used, older than fifteen minutes or for a password is refused in the same words", async () => {
    const { email } = await makeAccount(home)
    const used = await linkOf(requestSignInLink, email)
    await open(used)
    const old = await linkOf(requestSignInLink, email)
    const words = new Set([
      await wordsOf(open("x".repeat(43))),
      await wordsOf(open(used)),
      await wordsOf(open(old, { at: new Date(Date.now() + 15 * 60_000) })),
      await wordsOf(open(await linkOf(requestPasswordReset, email))),
      await wordsOf(
        execute(redeemSignInLink, nobody(), {
          token: await linkOf(requestSignInLink, email),
          password: fresh,
        }),
      ),
    ])
    expect([...words]).toEqual([expect.stringContaining("This link cannot be used")])
  })
})

describe("a new password by a mailed link", () => {
  test("ends every session, makes every link void, and tells the person by mail", async () => {
    const { email } = await makeAccount(home)
    const sessions = [await signIn(email), await signIn(email)]
    const at = new Date()
    const signInLink = await linkOf(requestSignInLink, email, at)
    const [first, second] = [
      await linkOf(requestPasswordReset, email, new Date(at.getTime() + 1)),
      await linkOf(requestPasswordReset, email, new Date(at.getTime() + 2)),
    ]
    await execute(redeemSignInLink, nobody(), { token: first, password: fresh })
    expect(await areLive(...sessions)).toEqual([false, false])
    expect(await wordsOf(open(signInLink))).toContain("This link cannot be used")
    const again = execute(redeemSignInLink, nobody(), { token: second, password: fresh })
    expect(await wordsOf(again)).toContain("This link cannot be used")
    const entered = (tried: string) =>
      wordsOf(execute(createUserSession, nobody(), { email, password: tried }))
    expect(await entered(password)).not.toBe("accepted")
    expect(await entered(fresh)).toBe("accepted")
    expect((await mailsTo(email)).map(mail => mail.purpose).at(-1)).toBe("password-changed")
  })

  test("is too late after an hour", async () => {
    const { email } = await makeAccount(home)
    const token = await linkOf(requestPasswordReset, email)
    const at = new Date(Date.now() + 60 * 60_000)
    const late = execute(redeemSignInLink, nobody({ at }), { token, password: fresh })
    expect(await wordsOf(late)).toContain("This link cannot be used")
  })

  test("given to somebody without one is no change, so nobody is alarmed", async () => {
    const email = `first-${Date.now()}@acme.example`
    await execute(addMember, job(home), { email, name: "Grace", roles: ["Member"] })
    const token = await linkOf(requestPasswordReset, email)
    await execute(redeemSignInLink, nobody(), { token, password: fresh })
    expect((await mailsTo(email)).map(mail => mail.purpose)).toEqual(["password-reset"])
  })
})

test("a page of another site cannot be asked for in the mail", async () => {
  const { email } = await makeAccount(home)
  for (const returnTo of [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
  ]) {
    await expect(execute(requestSignInLink, nobody(), { email, returnTo })).rejects.toMatchObject({
      code: "invalid",
    })
  }
  expect(await mailsTo(email)).toEqual([])
})

test("somebody signed in who asks is named as who asked", async () => {
  const { email, personId } = await makeAccount(home)
  await execute(requestPasswordReset, await callerOf(platform, await signIn(email)), { email })
  expect((await readLog(db, home)).at(-1)).toMatchObject({
    operation: "user_password.request_reset",
    actor: { type: "user", id: personId },
  })
})
