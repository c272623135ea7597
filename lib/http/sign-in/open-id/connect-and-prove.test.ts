import { describe, expect, test } from "vitest"
import { http } from "@/lib/access/fixtures/browser"
import { sessionIdOf } from "@/lib/http/sign-in/auth"
import { makeAccount, newAddress, password, readLog } from "@/lib/operations/fixtures/access"
import { home } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import {
  claimed,
  identitiesOf,
  makeMember,
  misissuer,
  real,
  setUpMisissuer,
  setUpProvider,
  whoIs,
} from "./fixtures/providers"
import { openIdBrowser, settingsOf } from "./fixtures/ways"

setUpProvider()
setUpMisissuer()

describe("connecting under Account", () => {
  async function signedIn() {
    const { email, personId } = await makeAccount(home)
    const chrome = openIdBrowser(real)
    await chrome.signIn(email)
    return { email, personId, chrome }
  }
  const connect = { purpose: "connect", return: "/account" }

  async function proofFades(personId: string) {
    await db.superuser.query(
      "UPDATE session SET proven_at = now() - interval '6 minutes' WHERE person_id = $1",
      [personId],
    )
  }

  test("gives a person with a password a second way in, to the same account", async () => {
    const { email, personId, chrome } = await signedIn()
    const login = newAddress()
    const before = await sessionIdOf(chrome.headers(), http)
    expect((await chrome.through(login, connect)).location).toBe("/account")
    expect(await sessionIdOf(chrome.headers(), http)).toBe(before)
    expect(await identitiesOf(personId)).toMatchObject([{ subject: login }])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "identity.connect",
      status: "success",
    })
    const elsewhere = openIdBrowser(real)
    await elsewhere.through(login)
    expect(await whoIs(elsewhere)).toBe(email)
  })

  test("asks for a proof that is fresh, when it begins and when it ends", async () => {
    const { personId, chrome } = await signedIn()
    const url = await chrome.beginAt(connect)
    const callback = await chrome.pass(url, newAddress())
    await proofFades(personId)
    const again = await chrome.begin(connect)
    expect([again.status, (await again.json()).code]).toEqual([403, "proof-required"])
    expect((await chrome.finish(callback)).location).toBe("/account?refused=proof")
    expect(await identitiesOf(personId)).toEqual([])
  })

  test("leaves an event when the proof is too old by the time the browser is back", async () => {
    const { email, personId, chrome } = await signedIn()
    const callback = await chrome.pass(await chrome.beginAt(connect), newAddress())
    await proofFades(personId)
    await chrome.finish(callback)
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "identity.connect",
      status: "denied",
      actor: { id: personId, email },
      metadata: { owasp: "authn_login_fail", method: "openid-connect", reason: "proof" },
    })
  })

  test("needs somebody who is signed in", async () => {
    expect((await openIdBrowser(real).begin(connect)).status).toBe(401)
  })

  test("ends in the session in which it began, and in no other", async () => {
    const { personId, chrome } = await signedIn()
    const callback = await chrome.pass(await chrome.beginAt(connect), newAddress())
    const victim = await makeAccount(home)
    await chrome.signIn(victim.email, password)
    expect((await chrome.finish(callback)).location).toBe("/account?refused=session")
    expect([await identitiesOf(personId), await identitiesOf(victim.personId)]).toEqual([[], []])
  })

  test("is not done to somebody who follows another's address", async () => {
    const attacker = await signedIn()
    const victim = await signedIn()
    const callback = await attacker.chrome.pass(await attacker.chrome.beginAt(connect), newAddress())
    expect((await victim.chrome.finish(callback)).location).toBe("/sign-in?refused=expired")
    expect(await identitiesOf(victim.personId)).toEqual([])
  })

  test("refuses an identity that is somebody else's, and one more of the same provider", async () => {
    const owner = await makeMember()
    await openIdBrowser(real).through(owner.email)
    const { personId, chrome } = await signedIn()
    expect((await chrome.through(owner.email, connect)).location).toBe("/account?refused=taken")
    expect(await identitiesOf(personId)).toEqual([])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "identity.connect",
      status: "denied",
      metadata: { reason: "taken" },
    })
    const first = openIdBrowser(real)
    await first.signIn((await makeAccount(home)).email)
    expect((await first.through(newAddress(), connect)).location).toBe("/account")
    const second = openIdBrowser(real)
    for (const [name, value] of first.cookies) second.cookies.set(name, value)
    expect((await second.through(newAddress(), connect)).location).toBe("/account?refused=another")
  })

  test("asks for a verified address of an allowed domain as well", async () => {
    const { personId, chrome } = await signedIn()
    const login = newAddress()
    claimed.set(login, { email: login, email_verified: false, name: "Grace" })
    expect((await chrome.through(login, connect)).location).toBe("/account?refused=unverified")
    expect(await identitiesOf(personId)).toEqual([])
  })
})

describe("a fresh proof for who has no password", () => {
  const prove = { purpose: "prove", return: "/acme/admin" }

  async function withoutPassword() {
    const member = await makeMember()
    const chrome = openIdBrowser(real)
    await chrome.through(member.email)
    const fade = "UPDATE session SET proven_at = now() - interval '6 minutes' WHERE person_id = $1"
    await db.superuser.query(fade, [member.personId])
    const provenAt = async () =>
      (
        await platform.database.prisma.session.findFirst({
          where: { personId: member.personId, revokedAt: null },
        })
      )?.provenAt ?? new Date(0)
    return { ...member, chrome, provenAt }
  }
  const aMinuteAgo = () => Date.now() - 60_000

  test("has the provider ask again, keeps the session and leads back", async () => {
    const { email, chrome, provenAt } = await withoutPassword()
    const before = await sessionIdOf(chrome.headers(), http)
    const asked = new URL(await chrome.beginAt(prove))
    expect([asked.searchParams.get("prompt"), asked.searchParams.get("max_age")]).toEqual(["login", "0"])
    expect((await provenAt()).getTime()).toBeLessThan(aMinuteAgo())
    const { location } = await chrome.finish(await chrome.pass(asked.href, email))
    expect(location).toBe("/acme/admin")
    expect(await sessionIdOf(chrome.headers(), http)).toBe(before)
    expect((await provenAt()).getTime()).toBeGreaterThan(aMinuteAgo())
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.prove",
      status: "success",
      metadata: { method: "openid-connect" },
    })
  })

  test("is not given by a sign-in at the provider that is older than the question", async () => {
    const { email, chrome, provenAt } = await withoutPassword()
    const url = new URL(await chrome.beginAt(prove))
    // A browser can leave out a parameter of the request; the provider then answers for the person who is signed in there.
    url.searchParams.delete("prompt")
    url.searchParams.delete("max_age")
    expect((await chrome.finish(await chrome.pass(url.href, email))).location).toBe(
      "/account?refused=not-asked",
    )
    expect((await provenAt()).getTime()).toBeLessThan(aMinuteAgo())
  })

  test.each([
    [-120, "/account?refused=not-asked"],
    [0, "/"],
  ])("counts a sign-in at the provider %i seconds from the question: %s", async (seconds, location) => {
    const chrome = openIdBrowser(settingsOf(misissuer))
    await chrome.finish(misissuer.pass(await chrome.beginAt()))
    const callback = misissuer.pass(await chrome.beginAt({ purpose: "prove" }))
    misissuer.do({ claims: { auth_time: Math.floor(Date.now() / 1000) + seconds } })
    expect((await chrome.finish(callback)).location).toBe(location)
  })

  test("is not given by somebody else at the provider", async () => {
    const { chrome, provenAt } = await withoutPassword()
    const other = await makeMember()
    await openIdBrowser(real).through(other.email)
    expect((await chrome.through(other.email, prove)).location).toBe("/account?refused=other-person")
    expect((await provenAt()).getTime()).toBeLessThan(aMinuteAgo())
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.prove",
      status: "denied",
    })
  })
})
