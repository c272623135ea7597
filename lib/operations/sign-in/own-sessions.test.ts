import { beforeAll, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import { callerOf, makeAccount, nobody, readLog, signIn } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { deleteOtherUserSession, deleteOtherUserSessions, listUserSessions } from "./own-sessions"

setUpHome(beforeAll)

const listOf = async (sessionId: string) =>
  (await execute(listUserSessions, await callerOf(platform, sessionId), {})).sessions

test("a person sees their own sessions, which one is this, and nothing that would let anybody use them", async () => {
  const [ada, grace] = [await makeAccount(home), await makeAccount(home)]
  const [here, there] = [await signIn(ada.email), await signIn(ada.email)]
  await signIn(grace.email)
  const sessions = await listOf(here)
  expect(sessions).toHaveLength(2)
  expect(sessions.filter(session => session.isThisOne)).toHaveLength(1)
  for (const secret of [here, there, "Hash"]) expect(JSON.stringify(sessions)).not.toContain(secret)
})

test("signing out there ends that session at once, this one goes on, and the log says so", async () => {
  const { email, personId } = await makeAccount(home)
  const [here, there] = [await signIn(email), await signIn(email)]
  const other = (await listOf(here)).find(session => !session.isThisOne)?.id ?? ""
  await execute(deleteOtherUserSession, await callerOf(platform, here), { sessionId: other })
  expect(await listOf(here)).toHaveLength(1)
  await expect(listOf(there)).rejects.toMatchObject({ code: "unauthenticated" })
  expect((await readLog(db, home)).at(-1)).toMatchObject({
    operation: "user_session.delete_other",
    status: "success",
    actor: { id: personId },
    targets: [{ type: "user_session", id: other }],
  })
})

test("neither somebody else's session nor the one that asks can be ended by it", async () => {
  const [ada, grace] = [await makeAccount(home), await makeAccount(home)]
  const [here, foreign] = [await signIn(ada.email), await signIn(grace.email)]
  const ids = [...(await listOf(here)), ...(await listOf(foreign))].map(session => session.id)
  expect(ids).toHaveLength(2)
  for (const sessionId of ids) {
    await expect(
      execute(deleteOtherUserSession, await callerOf(platform, here), { sessionId }),
    ).rejects.toMatchObject({ code: "not-found" })
  }
  expect([await listOf(here), await listOf(foreign)].map(list => list.length)).toEqual([1, 1])
})

test("signing out everywhere else ends every other session of this person, and nobody else's", async () => {
  const [ada, grace] = [await makeAccount(home), await makeAccount(home)]
  const [here, there, further] = [await signIn(ada.email), await signIn(ada.email), await signIn(ada.email)]
  const foreign = await signIn(grace.email)
  await execute(deleteOtherUserSessions, await callerOf(platform, here), {})
  expect((await listOf(here)).map(session => session.isThisOne)).toEqual([true])
  for (const ended of [there, further]) {
    await expect(listOf(ended)).rejects.toMatchObject({ code: "unauthenticated" })
  }
  expect(await listOf(foreign)).toHaveLength(1)
  expect((await readLog(db, home)).at(-1)).toMatchObject({
    operation: "user_session.delete_others",
    status: "success",
    actor: { id: ada.personId },
    metadata: { endedSessions: 2 },
  })
})

test("whoever is signed out has no sessions to see or end", async () => {
  await expect(execute(listUserSessions, nobody(), {})).rejects.toMatchObject({ code: "unauthenticated" })
})
