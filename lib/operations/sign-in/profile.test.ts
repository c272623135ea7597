import { beforeAll, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import {
  callerOf,
  job,
  makeAccount,
  makeOrganization,
  readLog,
  signIn,
} from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { addMember } from "@/lib/operations/members/add"
import { db, platform } from "@/test/platform"
import { updateUser } from "./update-profile"
import { findUserSession } from "./user-session"

setUpHome(beforeAll)

test("a new name is told to every organization of the person, and earlier events keep the old one", async () => {
  const second = await makeOrganization()
  const { email, personId } = await makeAccount(home)
  await execute(addMember, job(second), { email, name: "Ada", roles: ["Member"] })
  const session = await signIn(email)
  await execute(updateUser, await callerOf(platform, session), { name: "  Countess Ada " })
  for (const organization of [home, second]) {
    const own = (await readLog(db, organization)).filter(event => event.actor.id === personId)
    expect(own.at(-1)).toMatchObject({
      operation: "user.update",
      operationCode: 800,
      status: "success",
      changes: [{ path: "/name", before: "Ada Lovelace", after: "Countess Ada" }],
    })
    expect(own.at(-2)).toMatchObject({ operation: "user_session.create", actor: { name: "Ada Lovelace" } })
  }
  const { person } = await execute(findUserSession, await callerOf(platform, session), {})
  expect(person).toMatchObject({ name: "Countess Ada", email, hasPassword: true })
})

test("the zone of times is remembered for the person in every session, and its change is in the log", async () => {
  const { email, personId } = await makeAccount(home)
  const [here, there] = [await signIn(email), await signIn(email)]
  expect((await execute(findUserSession, await callerOf(platform, here), {})).person.timeZone).toBeNull()
  await execute(updateUser, await callerOf(platform, here), { timeZone: "Europe/Berlin" })
  const { person } = await execute(findUserSession, await callerOf(platform, there), {})
  expect(person).toMatchObject({ timeZone: "Europe/Berlin", name: "Ada Lovelace" })
  const own = (await readLog(db, home)).filter(event => event.actor.id === personId)
  expect(own.at(-1)).toMatchObject({
    operation: "user.update",
    changes: [{ path: "/timeZone", before: null, after: "Europe/Berlin" }],
  })
})

test.each([["Mars/Base"], ["+02:00"], [""], ["x".repeat(65)]])(
  "%j is no zone that can be remembered",
  async timeZone => {
    const { email } = await makeAccount(home)
    const caller = await callerOf(platform, await signIn(email))
    await expect(execute(updateUser, caller, { timeZone })).rejects.toMatchObject({
      code: "invalid",
      faults: [{ pointer: "/timeZone" }],
    })
  },
)

test.each([
  ["", "Give a name."],
  ["Ada Lovelace", "This is your name already."],
  ["A\nB", "Use a single line without control characters."],
  ["x".repeat(101), "Use at most 100 characters."],
])("the name %j is refused with words beside the field", async (name, message) => {
  const { email } = await makeAccount(home)
  const caller = await callerOf(platform, await signIn(email))
  await expect(execute(updateUser, caller, { name })).rejects.toMatchObject({
    code: "invalid",
    faults: [{ pointer: "/name", message }],
  })
})
