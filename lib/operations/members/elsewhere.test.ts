import { beforeEach, describe, expect, test } from "vitest"
import { administratorRole } from "@/lib/access/directory"
import type { OrganizationRef } from "@/lib/access/principal"
import { execute } from "@/lib/operations/core/execute"
import { callerOf, job, makeOrganization, readLog } from "@/lib/operations/fixtures/access"
import { as, home, member, type Somebody, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { db, platform } from "@/test/platform"
import { addMember } from "./add"
import { endMemberSessions } from "./end-sessions"
import { findMember } from "./find"
import { suspendMember } from "./status"

setUpHome(beforeEach)

async function join(organization: OrganizationRef, { email }: Somebody): Promise<void> {
  await execute(addMember, job(organization), { email, name: "Ada Lovelace", roles: [administratorRole] })
}

/** A member who is also an administrator of another organization, and a caller who looks at them. */
async function inTwo() {
  const [ada, administrator] = [await member(), await member(administratorRole)]
  const other = await makeOrganization()
  await join(other, ada)
  return { ada, administrator, other, input: { personId: ada.personId } }
}

const isSignedIn = async ({ sessionId }: Somebody) =>
  (await callerOf(platform, sessionId)).principal.kind === "person"

describe("a member who belongs to another organization too", () => {
  test("keeps their sessions to themselves: they are neither shown nor ended here, and nothing says where else", async () => {
    const { ada, administrator, other, input } = await inTwo()
    const detail = await execute(findMember, await as(administrator), input)
    expect(detail).toMatchObject({ sessions: [], refusal: null })
    expect(detail.sessionsRefusal).toContain("Ada Lovelace also belongs to another organization")
    for (const telling of [other.id, other.slug, "203.0.113."]) {
      expect(JSON.stringify(detail)).not.toContain(telling)
    }
    const before = (await readLog(db, other)).length
    await expect(execute(endMemberSessions, await as(administrator), input)).rejects.toMatchObject({
      code: "forbidden",
      message: detail.sessionsRefusal,
    })
    expect(await isSignedIn(ada)).toBe(true)
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "organization_member.end_sessions",
      status: "denied",
      statusMessage: detail.sessionsRefusal,
    })
    expect((await readLog(db, other)).length).toBe(before)
  })

  test("is suspended here at their next request, as the refusal says, and stays signed in", async () => {
    const { ada, administrator, other, input } = await inTwo()
    const { sessionsRefusal } = await execute(findMember, await as(administrator), input)
    expect(sessionsRefusal).toContain("Suspending them here takes effect at their next request.")
    await execute(suspendMember, await as(administrator), input)
    expect(await codeOf(as(ada))).toBe("not-found")
    expect((await callerOf(platform, ada.sessionId, other.slug)).principal.kind).toBe("person")
  })

  test("is sent to their Account page for their own", async () => {
    const { administrator } = await inTwo()
    await join(await makeOrganization(), administrator)
    const input = { personId: administrator.personId }
    const detail = await execute(findMember, await as(administrator), input)
    expect(detail).toMatchObject({ sessions: [], sessionsRefusal: expect.stringContaining("Account page") })
    expect(await codeOf(execute(endMemberSessions, await as(administrator), input))).toBe("forbidden")
  })

  test("is like every other as soon as they are suspended there", async () => {
    const { ada, administrator, other, input } = await inTwo()
    await join(other, administrator)
    await execute(suspendMember, job(other), input)
    const detail = await execute(findMember, await as(administrator), input)
    expect(detail).toMatchObject({ sessions: [{ userAgent: "test" }], sessionsRefusal: null })
    await execute(endMemberSessions, await as(administrator), input)
    expect(await isSignedIn(ada)).toBe(false)
  })

  test("is signed out by whoever runs the installation, and the log of each organization says so", async () => {
    const { ada, other, input } = await inTwo()
    await execute(endMemberSessions, job(home), input)
    expect(await isSignedIn(ada)).toBe(false)
    for (const organization of [home, other]) {
      expect((await readLog(db, organization)).at(-1)).toMatchObject({
        operation: "organization_member.end_sessions",
        targets: [{ type: "user", id: ada.personId }],
        metadata: { endedSessions: 1 },
      })
    }
  })
})
