import { randomUUID } from "node:crypto"
import { describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import { job, makeAccount, newAddress, readLog } from "@/lib/operations/fixtures/access"
import { home } from "@/lib/operations/fixtures/home"
import { createSignInLink } from "@/lib/operations/sign-in/sign-in"
import { db, platform } from "@/test/platform"
import {
  claimed,
  identitiesOf,
  invite,
  makeMember,
  provider,
  real,
  setUpProvider,
  whoIs,
} from "./fixtures/providers"
import { openIdBrowser, settingsOf } from "./fixtures/ways"

setUpProvider()

const personAt = (email: string) => platform.database.prisma.person.findUnique({ where: { email } })

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
    // The email is verified, so the person is known.
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.create",
      status: "denied",
      actor: { id: foreign.personId },
      metadata: { method: "openid-connect", reason: "domain" },
    })
    const own = await makeMember()
    claimed.set(own.email, { email: own.email.toUpperCase(), email_verified: true, name: "Grace" })
    expect(await through(own.email, settings)).toMatchObject({ location: "/", signedIn: own.email })
  })

  test("somebody unknown only with an open invitation for the address", async () => {
    const [stranger, late, invited] = [newAddress(), newAddress(), newAddress()]
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
    const invited = newAddress()
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
    const login = newAddress()
    claimed.set(login, { email, email_verified: true, name: "Mallory" })
    const other = openIdBrowser(real)
    expect((await other.through(login)).location).toBe("/sign-in?refused=connect-first")
    expect(await whoIs(other)).toBeNull()
    expect(await identitiesOf(personId)).toHaveLength(1)
  })
})
