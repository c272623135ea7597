import { beforeAll, describe, expect, test } from "vitest"
import { principalOfSession } from "@/lib/access/principal"
import { hashPassword } from "@/lib/access/sign-in/password"
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
import { leastWork } from "@/test/work"
import { isLive } from "./fixtures/sessions"
import { createSignInLink, createUserSession, redeemSignInLink } from "./sign-in"

setUpHome(beforeAll)

const attempt = (email: string, tried: string, given: { at?: Date; ip?: string } = {}) =>
  execute(createUserSession, nobody(given), { email, password: tried }).then(
    () => "accepted",
    error => `${error.code}: ${error.message}`,
  )

const wrong = "unauthenticated: The e-mail address or the password is wrong."

describe("signing in", () => {
  test("opens a session that idles out, whatever the case of the address", async () => {
    const { email, personId } = await makeAccount(home)
    const at = new Date()
    const { sessionId } = await execute(createUserSession, nobody({ at }), {
      email: ` ${email.toUpperCase()} `,
      password,
    })
    const principal = await principalOfSession(sessionId, null, { database: platform.database, at })
    expect(principal).toMatchObject({ kind: "person", personId })
    expect(await isLive(sessionId, new Date(at.getTime() + 31 * 60_000))).toBe(false)
  })

  test("gives a new session each time and ends the one that the browser had", async () => {
    const { email } = await makeAccount(home)
    const [first, other] = [await signIn(email), await signIn(email)]
    const again = { email, password, previousSessionId: first }
    const { sessionId: second } = await execute(createUserSession, nobody(), again)
    expect(second).not.toBe(first)
    expect([await isLive(first), await isLive(second), await isLive(other)]).toEqual([false, true, true])
  })

  test("leaves one event in each organization of the person, and none in others", async () => {
    const [second, third] = [await makeOrganization(), await makeOrganization()]
    const { email, personId } = await makeAccount(home)
    await execute(addMember, job(second), { email, name: "Ada", roles: ["Member"] })
    await signIn(email, { ip: "198.51.100.77" })
    for (const organization of [home, second]) {
      const [last] = (await readLog(db, organization)).slice(-1)
      expect(last).toMatchObject({
        operation: "user_session.create",
        status: "success",
        actor: { type: "user", id: personId, email },
        source: { ip: "198.51.100.77" },
        metadata: { owasp: "authn_login_success" },
      })
    }
    expect((await readLog(db, third)).map(event => event.operation)).toEqual(["organization.create"])
  })

  test("leaves no event where the person is suspended", async () => {
    const other = await makeOrganization()
    const { email, personId } = await makeAccount(other)
    await platform.database.prisma.membership.updateMany({
      where: { personId },
      data: { status: "suspended" },
    })
    const before = (await readLog(db, other)).length
    await signIn(email)
    expect(await readLog(db, other)).toHaveLength(before)
  })

  test("never writes the password, the session's id or a hash of either into the log", async () => {
    const { email, personId } = await makeAccount(home)
    const sessionId = await signIn(email)
    await attempt(email, "a wrong password")
    const text = JSON.stringify(await readLog(db, home))
    const { passwordHash } = await platform.database.prisma.person.findUniqueOrThrow({
      where: { id: personId },
    })
    for (const secret of [password, "a wrong password", sessionId, passwordHash ?? "none"]) {
      expect(text).not.toContain(secret)
    }
  })
})

describe("being refused", () => {
  test("sounds the same for an unknown address, a person without a password, and a wrong password", async () => {
    const { email } = await makeAccount(home)
    const invited = "invited@acme.example"
    await execute(addMember, job(home), { email: invited, name: "Grace", roles: ["Member"] })
    expect(await attempt(email, "a wrong password")).toBe(wrong)
    expect(await attempt(invited, "a wrong password")).toBe(wrong)
    expect(await attempt("unknown@acme.example", "a wrong password")).toBe(wrong)
    expect(await attempt("", "")).toBe(wrong)
    expect(await attempt("no address", "x".repeat(1_000))).toBe(wrong)
  })

  test("takes a hash's work also for an unknown address", async () => {
    const { email, personId } = await makeAccount(home)
    // Accounts of tests have a hash that costs nothing.
    const passwordHash = await hashPassword(password)
    await platform.database.prisma.person.update({ where: { id: personId }, data: { passwordHash } })
    const known = await leastWork(() => attempt(email, "a wrong password"))
    const unknown = await leastWork(() => attempt("unknown-too@acme.example", "a wrong password"))
    expect(unknown / known).toBeGreaterThan(0.5)
    expect(unknown / known).toBeLessThan(2)
  })

  test("happens when the password is changed while the old one is being checked", async () => {
    const { email } = await makeAccount(home)
    await db.superuser.query("BEGIN")
    await db.superuser.query("UPDATE person SET password_hash = 'another' WHERE email = $1", [email])
    const answer = attempt(email, password)
    const holder =
      "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    const waiting = async () => (await db.superuser.query(holder)).rowCount
    await expect.poll(waiting, { timeout: 30_000 }).toBe(1)
    await db.superuser.query("COMMIT")
    expect(await answer).toBe(wrong)
  })

  test("leaves an event of failure for a known account, and none for an unknown address", async () => {
    const { email, personId } = await makeAccount(home)
    await attempt(email, "a wrong password")
    const log = await readLog(db, home)
    expect(log.at(-1)).toMatchObject({
      operation: "user_session.create",
      status: "failure",
      actor: { id: personId, email },
      metadata: { owasp: "authn_login_fail" },
    })
    await attempt("nobody-knows@acme.example", "a wrong password")
    expect(await readLog(db, home)).toHaveLength(log.length)
  })
})

describe("trying often", () => {
  test("is limited to ten failures for an account, from wherever they come, known or not", async () => {
    const { email } = await makeAccount(home)
    const at = new Date()
    for (const address of [email, "unknown-often@acme.example"]) {
      for (let n = 0; n < 10; n += 1) expect(await attempt(address, "a wrong password", { at })).toBe(wrong)
      expect(await attempt(address, "a wrong password", { at })).toBe(
        "rate-limited: Too many attempts. Try again in 15 minutes.",
      )
    }
    const refused = execute(createUserSession, nobody({ at }), { email, password })
    await expect(refused).rejects.toMatchObject({
      code: "rate-limited",
      retryAfterSeconds: Math.ceil(15 * 60 - (at.getTime() % 60_000) / 1000),
    })
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      status: "denied",
      metadata: { owasp: "authn_login_fail_max" },
    })
    expect(await attempt(email, password, { at: new Date(at.getTime() + 15 * 60_000) })).toBe("accepted")
  })

  test("is limited to ten failures from an address, whatever the account", async () => {
    const ip = "192.0.2.44"
    const { email } = await makeAccount(home)
    for (let n = 0; n < 10; n += 1)
      expect(await attempt(`guess-${n}@acme.example`, "wrong", { ip })).toBe(wrong)
    expect(await attempt(email, password, { ip })).toMatch(/^rate-limited/)
    expect(await attempt(email, password, { ip: "192.0.2.45" })).toBe("accepted")
  })

  test("with the right password does not count", async () => {
    const ip = "192.0.2.46"
    const { email } = await makeAccount(home)
    for (let n = 0; n < 25; n += 1) expect(await attempt(email, password, { ip })).toBe("accepted")
  })
})

describe("a one-time link", () => {
  test("is made by the admin command only, whatever a person may", async () => {
    const { email } = await makeAccount(home, ["Organization Administrator"])
    const caller = await callerOf(platform, await signIn(email), home.slug)
    await expect(execute(createSignInLink, caller, { email })).rejects.toMatchObject({ code: "forbidden" })
  })

  test("sets a password and a name, ends every session, and clears the account's failures", async () => {
    const { email, personId } = await makeAccount(home)
    const sessions = [await signIn(email), await signIn(email)]
    for (let n = 0; n < 10; n += 1) await attempt(email, "a wrong password")
    const { token } = await execute(createSignInLink, job(home), { email })
    const fresh = "another horse battery"
    const redeemed = await execute(redeemSignInLink, nobody(), {
      token,
      password: fresh,
      name: "Countess Ada",
    })
    expect(redeemed).toMatchObject({ email, endedSessions: 2 })
    expect(JSON.stringify(redeemed)).not.toContain("argon2")
    for (const sessionId of sessions) expect(await isLive(sessionId)).toBe(false)
    expect(await attempt(email, password)).toBe(wrong)
    expect(await attempt(email, fresh)).toBe("accepted")
    const event = (await readLog(db, home)).findLast(one => one.operation === "sign_in_link.redeem")
    expect(event).toMatchObject({
      status: "success",
      actor: { id: personId, name: "Countess Ada" },
      changes: [{ path: "/name", before: "Ada Lovelace", after: "Countess Ada" }],
    })
    expect(JSON.stringify(event)).not.toContain(token)
  })

  test("redeemed twice at the same time sets one password", async () => {
    const { email } = await makeAccount(home)
    const { token } = await execute(createSignInLink, job(home), { email })
    const passwords = ["the first new password", "the second new password"]
    const answers = await Promise.allSettled(
      passwords.map(fresh => execute(redeemSignInLink, nobody(), { token, password: fresh })),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual(["fulfilled", "rejected"])
    const accepted = await Promise.all(passwords.map(fresh => attempt(email, fresh)))
    expect(accepted.map(answer => answer === "accepted")).toEqual(
      answers.map(answer => answer.status === "fulfilled"),
    )
  })

  test("that is unknown, used, void or old is refused in the same words", async () => {
    const { email } = await makeAccount(home)
    const [used, voided] = [await linkFor(email), await linkFor(email)]
    await expect(redeem(voided)).resolves.toMatchObject({ email })
    const old = await linkFor(email)
    const words = new Set()
    for (const [token, at] of [
      [used, new Date()],
      [voided, new Date()],
      ["unknown", new Date()],
      [old, new Date(Date.now() + 24 * 3_600_000)],
    ] as const) {
      words.add(
        await redeem(token, at).catch(error => JSON.stringify([error.code, error.message, error.faults])),
      )
    }
    expect(words.size).toBe(1)
    expect([...words][0]).toContain("Ask for a new")
  })

  test("stays good when the password chosen is not, and says what is wrong beside the field", async () => {
    const { email } = await makeAccount(home)
    const token = await linkFor(email)
    for (const unfit of ["short", email, "x".repeat(201)]) {
      const refused = execute(redeemSignInLink, nobody(), { token, password: unfit })
      await expect(refused).rejects.toMatchObject({ code: "invalid", faults: [{ pointer: "/password" }] })
    }
    await expect(redeem(token)).resolves.toMatchObject({ email })
  })
})

async function linkFor(email: string): Promise<string> {
  return (await execute(createSignInLink, job(home), { email })).token
}

function redeem(token: string, at = new Date()) {
  return execute(redeemSignInLink, nobody({ at }), { token, password })
}
