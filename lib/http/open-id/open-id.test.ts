import { randomBytes, randomUUID } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { http, https } from "@/lib/access/fixtures/browser"
import { principalOfSession } from "@/lib/access/principal"
import { sessionIdOf } from "@/lib/auth"
import type { OpenIdConnectSettings } from "@/lib/env"
import { addMember } from "@/lib/operations/access-control/members/add"
import { execute } from "@/lib/operations/execute"
import { job, makeAccount, makeOrganization, password, readLog } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { createSignInLink } from "@/lib/operations/sign-in/sign-in"
import { db, platform } from "@/lib/testing/platform"
import { startOpenIdProvider } from "@/scripts/launcher/open-id-provider.mjs"
import { startMisissuer } from "./fixtures/misissuer"
import { openIdBrowser, redirectUri, settingsOf } from "./fixtures/ways"

setUpHome(beforeAll)

let provider: Awaited<ReturnType<typeof startOpenIdProvider>>
let misissuer: Awaited<ReturnType<typeof startMisissuer>>
let real: OpenIdConnectSettings

interface Claimed {
  email: string
  email_verified: boolean
  name: string
  groups?: string[]
}

/** What the provider says of whom, by what they typed there. */
const claimed = new Map<string, Claimed>()

beforeAll(async () => {
  provider = await startOpenIdProvider({
    redirectUri,
    person: login => claimed.get(login) ?? { email: login, email_verified: true, name: "Grace Hopper" },
  })
  misissuer = await startMisissuer()
  real = settingsOf(provider)
  await makeMember("mallory@acme.example")
})
afterAll(async () => {
  await provider.stop()
  await misissuer.stop()
})
beforeEach(() => misissuer.do({}))

const unique = () => `${randomBytes(6).toString("hex")}@acme.example`

/** A member who has proven nothing yet. */
async function makeMember(email = unique(), organization = home) {
  const { person } = await execute(addMember, job(organization), { email, name: "Grace", roles: ["Member"] })
  return { email, personId: person.id }
}

async function invite(email: string, over = false): Promise<void> {
  await db.superuser.query(
    `INSERT INTO invitation (id, organization_id, email, token_hash, created_at, expires_at)
     VALUES ($1, $2, $3, $4, now() - interval '2 days', now() + $5::interval)`,
    [randomUUID(), home.id, email, randomBytes(32), over ? "-1 day" : "1 day"],
  )
}

const identitiesOf = (personId: string) => platform.database.prisma.identity.findMany({ where: { personId } })

const personAt = (email: string) => platform.database.prisma.person.findUnique({ where: { email } })

/** Whose session the browser's cookie is. */
async function whoIs(chrome: ReturnType<typeof openIdBrowser>): Promise<string | null> {
  const sessionId = await sessionIdOf(chrome.headers(), chrome.env)
  const found = await principalOfSession(sessionId, null, { database: platform.database, at: new Date() })
  return found.kind === "person" ? found.email : null
}

describe("the way through a real provider", () => {
  test("is the code flow with PKCE, state and nonce, back to the address of the installation", async () => {
    const chrome = openIdBrowser(real)
    const asked = new URL(await chrome.beginAt())
    expect(asked.origin).toBe(provider.issuer)
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: "code",
      redirect_uri: redirectUri,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{20,}$/),
      nonce: expect.stringMatching(/^[\w-]{20,}$/),
      scope: "openid email profile",
    })
    expect(asked.searchParams.has("prompt")).toBe(false)
  })

  test("signs in with a new session, ends the one that the browser had, and leads back to the page that was wanted", async () => {
    const { email, personId } = await makeMember()
    const chrome = openIdBrowser(real)
    const first = await chrome.through(email, { return: "/acme/admin?a=1" })
    expect([first.response.status, first.location]).toEqual([302, "/acme/admin?a=1"])
    expect(await whoIs(chrome)).toBe(email)
    const before = await sessionIdOf(chrome.headers(), http)
    await chrome.through(email)
    const after = await sessionIdOf(chrome.headers(), http)
    expect(after).not.toBe(before)
    const old = await principalOfSession(before, null, { database: platform.database, at: new Date() })
    expect(old.kind).toBe("anonymous")
    expect(await whoIs(chrome)).toBe(email)
    expect(await identitiesOf(personId)).toMatchObject([{ issuer: provider.issuer, subject: email, email }])
  })

  test("is an event of the same name as with a password, in every organization of the person", async () => {
    const { email, personId } = await makeMember()
    const second = await makeOrganization()
    await makeMember(email, second)
    await openIdBrowser(real).through(email)
    for (const organization of [home, second]) {
      expect((await readLog(db, organization)).at(-1)).toMatchObject({
        operation: "user_session.create",
        status: "success",
        actor: { type: "user", id: personId, email },
        metadata: { method: "openid-connect", issuer: provider.issuer },
      })
    }
  })

  test("leaves no cookie that would let an answer be used once more, and each cookie it sets is out of reach of scripts", async () => {
    const { email } = await makeMember()
    const chrome = openIdBrowser(real)
    await chrome.through(email)
    for (const name of ["state", "nonce", "pkce", "intent"]) {
      expect(
        chrome.seen.some(cookie => cookie.startsWith(`auditorium.${name}=`)),
        name,
      ).toBe(true)
      expect(chrome.cookies.get(`auditorium.${name}`), name).toBe("")
    }
    for (const cookie of chrome.seen)
      expect(cookie).toMatch(/^(?=.*; HttpOnly)(?=.*; SameSite=Lax)(?=.*; Path=\/)/i)
  })

  test("sets cookies for this host alone, and over TLS only, where the console is reached over TLS", async () => {
    const chrome = openIdBrowser(real, https)
    const url = new URL(await chrome.beginAt())
    expect(url.searchParams.get("redirect_uri")).toBe(`${https.baseUrl}/api/auth/callback/openid-connect`)
    const set = chrome.seen.map(cookie => cookie.slice(0, cookie.indexOf("=")))
    expect(set).toEqual(
      expect.arrayContaining(["state", "nonce", "pkce", "intent"].map(n => `__Host-auditorium.${n}`)),
    )
    for (const cookie of chrome.seen) {
      expect(cookie).toMatch(/^__Host-(?=.*; Secure)(?=.*; HttpOnly)/i)
      expect(cookie).not.toMatch(/domain=/i)
    }
  })

  test("an answer that was used already is refused", async () => {
    const { email } = await makeMember()
    const chrome = openIdBrowser(real)
    const callback = await chrome.pass(await chrome.beginAt(), email)
    const kept = new Map(chrome.cookies)
    await chrome.finish(callback)
    expect((await chrome.finish(callback)).location).toBe("/sign-in?refused=expired")
    // Even somebody who kept the cookies: the provider gives nothing twice for a code.
    const thief = openIdBrowser(real)
    for (const [name, value] of kept) thief.cookies.set(name, value)
    expect((await thief.finish(callback)).location).toBe("/sign-in?refused=failed")
    expect(await whoIs(thief)).toBeNull()
  })

  test("an answer of another browser, or with another state, is refused", async () => {
    const { email } = await makeMember()
    const attacker = openIdBrowser(real)
    const callback = await attacker.pass(await attacker.beginAt(), email)
    const victim = openIdBrowser(real)
    expect((await victim.finish(callback)).location).toBe("/sign-in?refused=expired")
    await victim.beginAt()
    expect((await victim.finish(callback)).location).toBe("/sign-in?refused=expired")
    const changed = new URL(callback)
    changed.searchParams.set("state", "x".repeat(43))
    expect((await attacker.finish(changed.href)).location).toBe("/sign-in?refused=expired")
    expect([await whoIs(victim), await whoIs(attacker)]).toEqual([null, null])
  })

  test("an answer whose state cookie was exchanged is refused although the intent fits", async () => {
    const { email } = await makeMember()
    const [one, other] = [openIdBrowser(real), openIdBrowser(real)]
    const callback = await one.pass(await one.beginAt(), email)
    await other.beginAt()
    one.cookies.set("auditorium.state", other.cookies.get("auditorium.state") ?? "")
    expect((await one.finish(callback)).location).toBe("/sign-in?refused=failed")
    expect(await whoIs(one)).toBeNull()
  })

  test("going back at the provider is said in those words, and signs nobody in", async () => {
    const chrome = openIdBrowser(real)
    const state = new URL(await chrome.beginAt({ return: "/acme" })).searchParams.get("state")
    const { location } = await chrome.finish(`${redirectUri}?error=access_denied&state=${state}`)
    expect(location).toBe("/sign-in?refused=cancelled&return=%2Facme")
    expect(await whoIs(chrome)).toBeNull()
  })

  test.each(["https://evil.example/", "//evil.example", "/\\evil.example"])(
    "never leads to %s",
    async wanted => {
      const { email } = await makeMember()
      expect((await openIdBrowser(real).through(email, { return: wanted })).location).toBe("/")
    },
  )

  test("begins only from our own pages, with their token, and by POST", async () => {
    const chrome = openIdBrowser(real)
    const foreign = chrome.headers()
    foreign.set("origin", "https://evil.example")
    const form = { csrfToken: await chrome.csrf() }
    expect((await chrome.send("POST", "signin/openid-connect", form, foreign)).status).toBe(403)
    expect((await chrome.send("POST", "signin/openid-connect", { csrfToken: "x" })).status).toBe(403)
    expect((await chrome.send("GET", "signin/openid-connect")).status).toBe(404)
    expect((await chrome.send("POST", "callback/openid-connect", form)).status).toBe(404)
  })

  test("is not there where no provider is set up", async () => {
    const chrome = openIdBrowser(real)
    const bare = { ...chrome.env, openIdConnect: null }
    const { handleAuth } = await import("@/lib/auth")
    for (const [method, way] of [
      ["POST", "signin"],
      ["GET", "callback"],
    ] as const) {
      const request = new Request(`${http.baseUrl}/api/auth/${way}/openid-connect`, {
        method,
        headers: chrome.headers(),
      })
      const params = Promise.resolve({ nextauth: [way, "openid-connect"] })
      expect((await handleAuth(request, { params }, bare)).status).toBe(404)
    }
  })

  test("what the address of the beginning carries does not reach the provider", async () => {
    const chrome = openIdBrowser(real)
    const form = { csrfToken: await chrome.csrf() }
    const response = await chrome.send(
      "POST",
      "signin/openid-connect?scope=openid+admin&redirect_uri=x",
      form,
    )
    const { url } = await response.json()
    expect(new URL(url).searchParams.getAll("scope")).toEqual(["openid email profile"])
    expect(new URL(url).searchParams.getAll("redirect_uri")).toEqual([redirectUri])
  })

  test("a provider that cannot be reached is said so, with when to come again", async () => {
    const gone = openIdBrowser(settingsOf({ ...provider, issuer: "http://127.0.0.1:9" }))
    const response = await gone.begin()
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"])
  })
})

describe("an issuer that does wrong", () => {
  async function answerOf(settings = settingsOf(misissuer)) {
    const chrome = openIdBrowser(settings)
    const { location } = await chrome.finish(misissuer.pass(await chrome.beginAt()))
    return { location, signedIn: await whoIs(chrome) }
  }

  test("would sign in if it did right, so that what follows proves something", async () => {
    expect(await answerOf()).toEqual({ location: "/", signedIn: "mallory@acme.example" })
  })

  test.each([
    ["an expired token", { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
    ["a token without an end", { claims: { exp: undefined } }],
    ["the token of another issuer", { claims: { iss: "https://accounts.example.com" } }],
    ["a token for another client", { claims: { aud: "somebody-else" } }],
    [
      "a token for several of which another is the one meant",
      { claims: { aud: ["auditorium", "x"], azp: "x" } },
    ],
    ["a token with another nonce", { claims: { nonce: "another" } }],
    ["a token without a nonce", { claims: { nonce: undefined } }],
    ["a token without a subject", { claims: { sub: undefined } }],
    ["a token under a key that it does not publish", { strangeKey: true as const }],
    ["a token that says it is not signed", { header: { alg: "none" } }],
    ["a token whose algorithm would make the secret a key", { header: { alg: "HS256" } }],
  ])("is refused with %s", async (_, wrong) => {
    misissuer.do(wrong)
    expect(await answerOf()).toEqual({ location: "/sign-in?refused=failed", signedIn: null })
  })

  test("is refused before anybody is sent there when its configuration names another issuer", async () => {
    misissuer.do({ calledAs: "https://accounts.example.com" })
    const response = await openIdBrowser(settingsOf(misissuer)).begin()
    expect(response.status).toBe(503)
    expect(JSON.stringify(await response.json())).not.toContain("accounts.example.com")
  })

  test("is refused when it begins to call itself otherwise while somebody is there", async () => {
    const chrome = openIdBrowser(settingsOf(misissuer))
    const callback = misissuer.pass(await chrome.beginAt())
    misissuer.do({
      calledAs: "https://accounts.example.com",
      claims: { iss: "https://accounts.example.com" },
    })
    expect((await chrome.finish(callback)).location).toBe("/sign-in?refused=failed")
    expect(await whoIs(chrome)).toBeNull()
  })
})

describe("who is let in", () => {
  const through = async (login: string, settings = real) => {
    const chrome = openIdBrowser(settings)
    const { location } = await chrome.through(login)
    return { location, signedIn: await whoIs(chrome), chrome }
  }

  test("nobody whose address the provider has not verified, and nothing is made or written for it", async () => {
    const { email, personId } = await makeMember()
    claimed.set(email, { email, email_verified: false, name: "Grace" })
    const before = (await readLog(db, home)).length
    expect(await through(email)).toMatchObject({ location: "/sign-in?refused=unverified", signedIn: null })
    expect(await identitiesOf(personId)).toEqual([])
    expect((await readLog(db, home)).length).toBe(before)
  })

  test("nobody of another domain than those allowed, whatever the letters' case", async () => {
    const settings = settingsOf(provider, { allowedDomains: ["acme.example"] })
    const foreign = await makeMember(`${randomUUID()}@acme.example.evil.example`)
    expect(await through(foreign.email, settings)).toMatchObject({
      location: "/sign-in?refused=domain",
      signedIn: null,
    })
    const own = await makeMember()
    claimed.set(own.email, { email: own.email.toUpperCase(), email_verified: true, name: "Grace" })
    expect(await through(own.email, settings)).toMatchObject({ location: "/", signedIn: own.email })
  })

  test("somebody unknown only with an open invitation for the address", async () => {
    const [stranger, late, invited] = [unique(), unique(), unique()]
    await invite(late, true)
    await invite(invited)
    expect((await through(stranger)).location).toBe("/sign-in?refused=not-invited")
    expect((await through(late)).location).toBe("/sign-in?refused=not-invited")
    expect([await personAt(stranger), await personAt(late)]).toEqual([null, null])
    expect(await through(invited)).toMatchObject({ location: "/", signedIn: invited })
    expect(await personAt(invited)).toMatchObject({ name: "Grace Hopper", passwordHash: null })
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.create",
      actor: { email: invited },
    })
  })

  test("the same person whatever address the provider says later, and never the one who has that address", async () => {
    const [grace, other] = [await makeMember(), await makeMember()]
    await through(grace.email)
    claimed.set(grace.email, { email: other.email, email_verified: true, name: "Grace" })
    expect((await through(grace.email)).signedIn).toBe(grace.email)
    expect(await identitiesOf(other.personId)).toEqual([])
  })

  test("a first sign-in makes links worthless that others may hold", async () => {
    const { email, personId } = await makeMember()
    await execute(createSignInLink, job(home), { email })
    await through(email)
    const links = await platform.database.prisma.signInLink.findMany({ where: { personId } })
    expect(links.map(link => link.voidedAt === null)).toEqual([false])
  })

  test("two at the same moment are the same person, with one identity", async () => {
    const invited = unique()
    await invite(invited)
    const ways = [openIdBrowser(real), openIdBrowser(real), openIdBrowser(real)]
    const callbacks = await Promise.all(ways.map(async way => way.pass(await way.beginAt(), invited)))
    await Promise.all(ways.map((way, n) => way.finish(callbacks[n] ?? "")))
    const person = await personAt(invited)
    expect(await identitiesOf(person?.id ?? "")).toHaveLength(1)
    expect((await Promise.all(ways.map(whoIs))).filter(who => who === invited).length).toBeGreaterThan(0)
  })
})

describe("an account that somebody made beforehand", () => {
  test("with a password of theirs is not entered by the owner of the address, and not connected", async () => {
    const { email, personId } = await makeAccount(home)
    const owner = openIdBrowser(real)
    expect((await owner.through(email)).location).toBe("/sign-in?refused=connect-first")
    expect(await whoIs(owner)).toBeNull()
    expect(await identitiesOf(personId)).toEqual([])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.create",
      status: "denied",
      actor: { id: personId },
      metadata: { method: "openid-connect", reason: "connect-first" },
    })
  })

  test("with an identity of theirs is not entered by another identity with the same address", async () => {
    const { email, personId } = await makeMember()
    await openIdBrowser(real).through(email)
    const login = unique()
    claimed.set(login, { email, email_verified: true, name: "Mallory" })
    const other = openIdBrowser(real)
    expect((await other.through(login)).location).toBe("/sign-in?refused=connect-first")
    expect(await whoIs(other)).toBeNull()
    expect(await identitiesOf(personId)).toHaveLength(1)
  })
})

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
    const login = unique()
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
    const callback = await chrome.pass(url, unique())
    await proofFades(personId)
    const again = await chrome.begin(connect)
    expect([again.status, (await again.json()).code]).toEqual([403, "proof-required"])
    expect((await chrome.finish(callback)).location).toBe("/account?refused=proof")
    expect(await identitiesOf(personId)).toEqual([])
  })

  test("needs somebody who is signed in", async () => {
    expect((await openIdBrowser(real).begin(connect)).status).toBe(401)
  })

  test("ends in the session in which it began, and in no other", async () => {
    const { personId, chrome } = await signedIn()
    const callback = await chrome.pass(await chrome.beginAt(connect), unique())
    const victim = await makeAccount(home)
    await chrome.signIn(victim.email, password)
    expect((await chrome.finish(callback)).location).toBe("/account?refused=session")
    expect([await identitiesOf(personId), await identitiesOf(victim.personId)]).toEqual([[], []])
  })

  test("is not done to somebody who follows another's address", async () => {
    const attacker = await signedIn()
    const victim = await signedIn()
    const callback = await attacker.chrome.pass(await attacker.chrome.beginAt(connect), unique())
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
    expect((await first.through(unique(), connect)).location).toBe("/account")
    const second = openIdBrowser(real)
    for (const [name, value] of first.cookies) second.cookies.set(name, value)
    expect((await second.through(unique(), connect)).location).toBe("/account?refused=another")
  })

  test("asks for a verified address of an allowed domain as well", async () => {
    const { personId, chrome } = await signedIn()
    const login = unique()
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
    // A browser can leave out what it was to ask for; the provider then answers for whoever is signed in there.
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
