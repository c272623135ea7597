import { randomUUID } from "node:crypto"
import { beforeAll, describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import {
  callerOf,
  job,
  makeAccount,
  newAddress,
  nobody,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { addMember } from "@/lib/operations/members/add"
import { db, platform } from "@/test/platform"
import { createUserSessionByIdentity } from "./identity"
import { connectIdentity, disconnectIdentity, isFresh, listIdentities } from "./identity-own"

setUpHome(beforeAll)

const vouched = (email: string) => ({
  issuer: "https://id.example",
  subject: email,
  email,
  emailVerified: true,
  name: "Grace",
  groups: null,
})

/** Somebody with a password and an identity. */
async function connected() {
  const { email, personId } = await makeAccount(home)
  const session = await signIn(email)
  const caller = await callerOf(platform, session)
  const begunIn = caller.principal.kind === "person" ? caller.principal.sessionHash : ""
  const identity = vouched(newAddress())
  await execute(connectIdentity, caller, { identity, allowedDomains: [], begunIn })
  const [own] = (await execute(listIdentities, caller, {})).identities
  return { email, personId, session, caller, identity, identityId: own?.id ?? "" }
}

describe("disconnecting", () => {
  test("takes the identity away, and leaves an event", async () => {
    const { caller, identity, identityId, personId } = await connected()
    await execute(disconnectIdentity, caller, { identityId })
    expect((await execute(listIdentities, caller, {})).identities).toEqual([])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "identity.disconnect",
      status: "success",
      actor: { id: personId },
      metadata: { email: identity.email },
    })
    const again = execute(createUserSessionByIdentity, nobody(), {
      identity,
      allowedDomains: [],
      authTime: null,
    })
    await expect(again).rejects.toMatchObject({ reason: "not-invited" })
  })

  test("is refused to who would have nothing left to sign in with", async () => {
    const email = newAddress()
    await execute(addMember, job(home), { email, name: "Grace", roles: ["Member"] })
    const input = { identity: vouched(email), allowedDomains: [], authTime: Date.now() / 1000 }
    const { sessionId } = await execute(createUserSessionByIdentity, nobody(), input)
    const caller = await callerOf(platform, sessionId)
    const { identities, hasPassword } = await execute(listIdentities, caller, {})
    expect([identities.length, hasPassword]).toEqual([1, false])
    const refused = execute(disconnectIdentity, caller, { identityId: identities[0]?.id })
    await expect(refused).rejects.toMatchObject({ code: "conflict" })
    expect((await execute(listIdentities, caller, {})).identities).toHaveLength(1)
  })

  test("is refused for what is somebody else's, in the words for what is not there", async () => {
    const [mine, other] = [await connected(), await connected()]
    const words = []
    for (const identityId of [other.identityId, randomUUID()]) {
      const error = await execute(disconnectIdentity, mine.caller, { identityId }).catch(thrown => thrown)
      words.push([error.code, error.message])
    }
    expect(words[0]).toEqual(["not-found", "This is not connected any more."])
    expect(words[1]).toEqual(words[0])
    expect((await execute(listIdentities, other.caller, {})).identities).toHaveLength(1)
  })

  test("asks for a fresh proof", async () => {
    const { session, identityId } = await connected()
    const later = await callerOf(platform, session, null, new Date(Date.now() + 6 * 60_000))
    await expect(execute(disconnectIdentity, later, { identityId })).rejects.toMatchObject({
      code: "proof-required",
    })
  })
})

test("connecting the same identity twice at the same moment connects it once", async () => {
  const people = await Promise.all([makeAccount(home), makeAccount(home)])
  const identity = vouched(newAddress())
  const ends = await Promise.allSettled(
    people.map(async ({ email }) => {
      const caller = await callerOf(platform, await signIn(email))
      const begunIn = caller.principal.kind === "person" ? caller.principal.sessionHash : ""
      return execute(connectIdentity, caller, { identity, allowedDomains: [], begunIn })
    }),
  )
  expect(ends.map(end => end.status).sort()).toEqual(["fulfilled", "rejected"])
  const found = await platform.database.prisma.identity.count({ where: { subject: identity.subject } })
  expect(found).toBe(1)
})

describe("a sign-in at the provider, told by its own clock", () => {
  const begunAt = 1_000_000_000
  const now = begunAt + 20_000
  /** A provider whose clock is this many seconds ahead of ours, and its claims about a sign-in and its token. */
  const sighting = (aheadSeconds: number, signedInAt: number, issuedAt: number) => ({
    authTime: Math.floor(signedInAt / 1000) + aheadSeconds,
    issuedAt: Math.floor(issuedAt / 1000) + aheadSeconds,
    begunAt,
    now,
  })

  test.each([-280, -31, 0, 10])(
    "%i seconds from ours, is an answer when it came after the question",
    ahead => {
      expect(isFresh(sighting(ahead, begunAt + 15_000, begunAt + 19_000))).toBe(true)
    },
  )

  test.each([-280, -31, 0])("%i seconds from ours, is none when it is older than the question", ahead => {
    expect(isFresh(sighting(ahead, begunAt - 60_000, begunAt + 19_000))).toBe(false)
  })

  test("is none when the token came long after it, however long ago the question was", () => {
    const early = { ...sighting(-280, begunAt - 60_000, begunAt + 19_000), now: begunAt + 500_000 }
    expect(isFresh(early)).toBe(false)
  })

  test("is none when the provider says nothing of it", () => {
    expect(isFresh({ ...sighting(0, begunAt, begunAt), authTime: null })).toBe(false)
    expect(isFresh({ ...sighting(-280, begunAt, begunAt), issuedAt: null })).toBe(false)
  })
})
