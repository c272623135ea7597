import { beforeAll, describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import {
  callerOf,
  job,
  makeAccount,
  nobody,
  password,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { db, platform } from "@/test/platform"
import { updateUserPassword } from "./change-password"
import { areLive } from "./fixtures/sessions"
import { createSignInLink, createUserSession, redeemSignInLink } from "./sign-in"
import { deleteAllUserSessions, deleteUserSession } from "./sign-out"

setUpHome(beforeAll)

const fresh = "another horse battery"

const canSignIn = (email: string, tried: string) =>
  execute(createUserSession, nobody(), { email, password: tried }).then(
    () => true,
    () => false,
  )

describe("signing out", () => {
  test("here ends this session at once, and no other", async () => {
    const { email, personId } = await makeAccount(home)
    const [here, there] = [await signIn(email), await signIn(email)]
    await execute(deleteUserSession, await callerOf(platform, here), {})
    expect(await areLive(here, there)).toEqual([false, true])
    expect((await readLog(db, home)).at(-1)).toMatchObject({
      operation: "user_session.delete",
      status: "success",
      actor: { id: personId },
      targets: [{ type: "user_session" }],
    })
  })

  test("everywhere ends every session of this person, and of nobody else", async () => {
    const [ada, grace] = [await makeAccount(home), await makeAccount(home)]
    const sessions = [await signIn(ada.email), await signIn(ada.email), await signIn(ada.email)]
    const foreign = await signIn(grace.email)
    const output = await execute(deleteAllUserSessions, await callerOf(platform, sessions[0] ?? ""), {})
    expect(output).toMatchObject({ endedSessions: 3 })
    expect(await areLive(...sessions, foreign)).toEqual([false, false, false, true])
  })

  test("is for somebody who is signed in", async () => {
    await expect(execute(deleteUserSession, nobody(), {})).rejects.toMatchObject({ code: "unauthenticated" })
    await expect(execute(deleteAllUserSessions, nobody(), {})).rejects.toMatchObject({
      code: "unauthenticated",
    })
    await expect(execute(deleteAllUserSessions, job(home), {})).rejects.toMatchObject({ code: "forbidden" })
  })
})

describe("a change of password", () => {
  test("asked for twice at once with the same present password is done once", async () => {
    const { email } = await makeAccount(home)
    const callers = [await signIn(email), await signIn(email)].map(id => callerOf(platform, id))
    const wanted = ["one quite unrelated word", "two quite unrelated words"]
    const change = async (at: number) =>
      execute(updateUserPassword, await (callers[at] ?? nobody()), {
        currentPassword: password,
        newPassword: wanted[at] ?? "",
      })
    const answers = await Promise.allSettled([change(0), change(1)])
    const isDone = answers.map(({ status }) => status === "fulfilled")
    expect([...isDone].sort()).toEqual([false, true])
    expect(await canSignIn(email, wanted[isDone.indexOf(true)] ?? "")).toBe(true)
    expect(await canSignIn(email, wanted[isDone.indexOf(false)] ?? "")).toBe(false)
  })

  test("ends the person's other sessions, keeps this one, and makes links void", async () => {
    const { email, personId } = await makeAccount(home)
    const [here, there] = [await signIn(email), await signIn(email)]
    const { token } = await execute(createSignInLink, job(home), { email })
    const change = { currentPassword: password, newPassword: fresh }
    const output = await execute(updateUserPassword, await callerOf(platform, here), change)
    expect(JSON.stringify(output)).not.toContain("argon2")
    expect(await areLive(here, there)).toEqual([true, false])
    expect([await canSignIn(email, password), await canSignIn(email, fresh)]).toEqual([false, true])
    await expect(execute(redeemSignInLink, nobody(), { token, password })).rejects.toMatchObject({
      code: "invalid",
    })
    const event = (await readLog(db, home)).findLast(one => one.operation === "user_password.update")
    expect(event).toMatchObject({
      status: "success",
      actor: { id: personId },
      metadata: { endedSessions: 1 },
    })
    for (const secret of [password, fresh]) expect(JSON.stringify(event)).not.toContain(secret)
    const mails = await platform.database.prisma.mailMessage.findMany({ where: { recipient: email } })
    expect(mails.map(mail => mail.purpose)).toEqual(["password-changed"])
  })

  test("needs the present password, and a wrong one is an event of failure", async () => {
    const { email, personId } = await makeAccount(home)
    const [here, there] = [await signIn(email), await signIn(email)]
    const refused = execute(updateUserPassword, await callerOf(platform, here), {
      currentPassword: "not my password",
      newPassword: fresh,
    })
    await expect(refused).rejects.toMatchObject({
      code: "invalid",
      faults: [{ pointer: "/currentPassword", message: "This is not your present password." }],
    })
    expect(await areLive(here, there)).toEqual([true, true])
    expect(await canSignIn(email, password)).toBe(true)
    const event = (await readLog(db, home)).findLast(one => one.operation === "user_password.update")
    expect(event).toMatchObject({
      status: "failure",
      actor: { id: personId },
      metadata: { owasp: "authn_password_change_fail" },
    })
  })

  test("cannot be used to guess: ten failures, counted together with those at the sign-in page", async () => {
    const { email } = await makeAccount(home)
    const here = await signIn(email)
    const guess = async () => {
      const change = { currentPassword: "not my password", newPassword: fresh }
      return execute(updateUserPassword, await callerOf(platform, here), change).catch(error => error.code)
    }
    for (let n = 0; n < 5; n += 1) expect(await guess()).toBe("invalid")
    for (let n = 0; n < 5; n += 1) expect(await canSignIn(email, "not my password")).toBe(false)
    expect(await guess()).toBe("rate-limited")
    expect(await canSignIn(email, password)).toBe(false)
  })

  test.each([
    ["short", "at least 12"],
    ["x".repeat(201), "at most 200"],
    [password, "another password"],
  ])("to %j is refused with words beside the field", async (newPassword, words) => {
    const { email } = await makeAccount(home)
    const here = await signIn(email)
    const change = execute(updateUserPassword, await callerOf(platform, here), {
      currentPassword: password,
      newPassword,
    })
    await expect(change).rejects.toMatchObject({
      code: "invalid",
      faults: [{ pointer: "/newPassword", message: expect.stringContaining(words) }],
    })
    expect(await canSignIn(email, password)).toBe(true)
  })
})
