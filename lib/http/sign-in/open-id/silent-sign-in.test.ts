import { describe, expect, test } from "vitest"
import { newAddress } from "@/lib/operations/fixtures/access"
import { platform } from "@/test/platform"
import {
  invite,
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

/** The result of a dangerous operation in that browser: 200, or the code of the refusal. */
async function dangerousAct(chrome: ReturnType<typeof openIdBrowser>) {
  const response = await chrome.begin({ purpose: "connect", return: "/account" })
  return response.ok ? response.status : (await response.json()).code
}

const nowInSeconds = () => Math.floor(Date.now() / 1000)

describe("signing in with the provider", () => {
  test("is no fresh proof where the provider does not say when it asked: it may not have asked at all", async () => {
    const { email } = await makeMember()
    const chrome = openIdBrowser(real)
    await chrome.through(email)
    expect(await dangerousAct(chrome)).toBe("proof-required")
    await chrome.through(email)
    expect(await whoIs(chrome)).toBe(email)
    expect(await dangerousAct(chrome)).toBe("proof-required")
    expect((await chrome.through(email, { purpose: "prove", return: "/account" })).location).toBe("/account")
    expect(await dangerousAct(chrome)).toBe(200)
  })

  test("is none to somebody just made by an invitation either", async () => {
    const email = newAddress()
    await invite(email)
    const chrome = openIdBrowser(real)
    await chrome.through(email)
    expect(await whoIs(chrome)).toBe(email)
    expect(await dangerousAct(chrome)).toBe("proof-required")
  })

  test.each([
    ["asked a minute ago", -60, 200],
    ["asked six minutes ago", -360, "proof-required"],
    ["asked in an hour, by its clock", 3600, 200],
    ["asked before there was time", -1e15, "proof-required"],
  ])("is as fresh a proof as the provider says: %s", async (_, seconds, end) => {
    const chrome = openIdBrowser(settingsOf(misissuer))
    const callback = misissuer.pass(await chrome.beginAt())
    misissuer.do({ claims: { auth_time: nowInSeconds() + seconds } })
    await chrome.finish(callback)
    expect(await whoIs(chrome)).toBe("mallory@acme.example")
    expect(await dangerousAct(chrome)).toBe(end)
    const [session] = await platform.database.prisma.session.findMany({
      where: { person: { email: "mallory@acme.example" }, revokedAt: null },
      orderBy: { createdAt: "desc" },
      take: 1,
    })
    expect(session?.provenAt.getTime()).toBeLessThanOrEqual(session?.createdAt.getTime() ?? 0)
  })
})
