import { beforeAll, describe, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import {
  callerOf,
  job,
  makeAccount,
  newAddress,
  nobody,
  password,
  signIn,
} from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { platform } from "@/test/platform"
import { updateUserPassword } from "./change-password"
import { mailedToken } from "./fixtures/mailed"
import { requestPasswordReset, requestSignInLink } from "./link-requests"
import { proveUserSession } from "./prove"
import { createSignInLink, createUserSession, redeemSignInLink } from "./sign-in"

setUpHome(beforeAll)

const rounds = 4
const fresh = "another horse battery"

const mailed = async (operation: typeof requestSignInLink | typeof requestPasswordReset, email: string) => {
  await execute(operation, nobody(), { email })
  return mailedToken(email)
}

const changePassword = async (email: string) => {
  const caller = await callerOf(platform, await signIn(email))
  return () => execute(updateUserPassword, caller, { currentPassword: password, newPassword: fresh })
}

/** Returns the results of two concurrent calls of one person, with a new person in each round. */
async function outcomes(
  prepare: (email: string) => Promise<readonly [() => Promise<unknown>, () => Promise<unknown>]>,
): Promise<readonly (readonly string[])[]> {
  const seen = []
  for (let round = 0; round < rounds; round += 1) {
    const { email } = await makeAccount(home)
    const acts = await prepare(email)
    seen.push(await Promise.all(acts.map(act => codeOf(act()))))
  }
  return seen
}

describe("of two acts of one person at once, neither waits for the other for ever", () => {
  test("two mailed links: one signs in, the other cannot be used any more", async () => {
    const seen = await outcomes(async email => {
      const tokens = [await mailed(requestSignInLink, email), await mailed(requestSignInLink, email)]
      const open = (token = "") => execute(createUserSession, nobody(), { token })
      return [() => open(tokens[0]), () => open(tokens[1])]
    })
    expect(seen.map(codes => codes.toSorted())).toEqual(Array(rounds).fill(["accepted", "invalid"]))
  })

  test("a link made by hand and the use of the one before it: either that came in time or it cannot be used", async () => {
    const seen = await outcomes(async email => {
      const { token } = await execute(createSignInLink, job(home), { email })
      return [
        () => execute(createSignInLink, job(home), { email }),
        () => execute(redeemSignInLink, nobody(), { token, password: fresh }),
      ]
    })
    for (const [made, used] of seen) {
      expect(made).toBe("accepted")
      expect(["accepted", "invalid"]).toContain(used)
    }
  })

  test("a change of password and a reset of it: whichever comes second finds its ground gone", async () => {
    const seen = await outcomes(async email => {
      const token = await mailed(requestPasswordReset, email)
      return [
        await changePassword(email),
        () => execute(redeemSignInLink, nobody(), { token, password: fresh }),
      ]
    })
    for (const codes of seen) {
      expect(codes).toContain("accepted")
      for (const code of codes) expect(["accepted", "invalid", "unauthenticated"]).toContain(code)
    }
  })
})

describe("more at once than there are connections", () => {
  const crowd = Array.from({ length: 3 * 10 })

  test("mails are asked for, and everybody is answered", async () => {
    const codes = await Promise.all(
      crowd.map(() => codeOf(execute(requestSignInLink, nobody(), { email: newAddress() }))),
    )
    expect(codes).toEqual(crowd.map(() => "accepted"))
  })

  test("people prove who they are, and everybody is believed", async () => {
    const callers = []
    for (const _ of crowd) {
      const { email } = await makeAccount(home)
      callers.push(await callerOf(platform, await signIn(email)))
    }
    const codes = await Promise.all(
      callers.map(caller => codeOf(execute(proveUserSession, caller, { password }))),
    )
    expect(codes).toEqual(crowd.map(() => "accepted"))
  })
})
