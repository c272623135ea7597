import { beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { recentProofMs } from "@/lib/operations/core/authorise"
import { execute } from "@/lib/operations/core/execute"
import { operation } from "@/lib/operations/core/operation"
import { callerOf, makeAccount, nobody, password, readLog, signIn } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { proveUserSession } from "./prove"

setUpHome(beforeAll)

const dangerous = operation({
  name: "test_thing.delete",
  summary: "Something dangerous.",
  permission: "signed-in",
  recentProof: true,
  effect: "read",
  input: z.strictObject({}),
  run: async () => "done",
})

/** A session whose last proof is older than five minutes. */
async function staleSession(email: string): Promise<string> {
  const sessionId = await signIn(email)
  const provenAt = new Date(Date.now() - recentProofMs - 1_000)
  await platform.database.prisma.session.updateMany({ where: { person: { email } }, data: { provenAt } })
  return sessionId
}

const attempt = async (sessionId: string) =>
  execute(dangerous, await callerOf(platform, sessionId), {}).catch(error => error.code)

test("the password proves again who one is, for this session and for no other", async () => {
  const { email, personId } = await makeAccount(home)
  const there = await staleSession(email)
  const here = await staleSession(email)
  expect([await attempt(here), await attempt(there)]).toEqual(["proof-required", "proof-required"])
  await execute(proveUserSession, await callerOf(platform, here), { password })
  expect([await attempt(here), await attempt(there)]).toEqual(["done", "proof-required"])
  const event = (await readLog(db, home)).at(-1)
  expect(event).toMatchObject({
    operation: "user_session.prove",
    status: "success",
    actor: { id: personId },
    metadata: { method: "password" },
  })
  expect(JSON.stringify(event)).not.toContain(password)
})

test("a wrong password proves nothing, is an event of failure and a failed sign-in", async () => {
  const { email, personId } = await makeAccount(home)
  const here = await staleSession(email)
  const guess = async () =>
    execute(proveUserSession, await callerOf(platform, here), { password: "not my password" }).catch(
      error => error,
    )
  expect(await guess()).toMatchObject({ code: "invalid", faults: [{ pointer: "/password" }] })
  expect(await attempt(here)).toBe("proof-required")
  expect((await readLog(db, home)).at(-1)).toMatchObject({
    operation: "user_session.prove",
    status: "failure",
    actor: { id: personId },
  })
  for (let n = 1; n < 10; n += 1) expect((await guess()).code).toBe("invalid")
  expect((await guess()).code).toBe("rate-limited")
  await expect(signIn(email)).rejects.toMatchObject({ code: "rate-limited" })
})

test("is for somebody who is signed in", async () => {
  await expect(execute(proveUserSession, nobody(), { password })).rejects.toMatchObject({
    code: "unauthenticated",
  })
})
