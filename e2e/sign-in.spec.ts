import type { Page, Request, Response } from "@playwright/test"
import { allEvents } from "./api"
import { expect, test } from "./fixtures"
import { expectNoLeak } from "./leaks"
import { enter, newcomer, redeem, sendSignIn, signIn } from "./newcomer"
import { password } from "./world"

const logPath = "/acme/admin/audit-logs"

async function refusalOn(page: Page): Promise<string> {
  return (await page.locator("form [role=alert]").innerText()).trim()
}

test("a wrong password and an unknown address are refused in the same words; the right one leads to the page that was wanted", async ({
  another,
  as,
  request,
  world,
}) => {
  const person = await newcomer()
  await enter(await another(), person)
  const other = await (await another()).newPage()
  await other.goto(`${logPath}?status=denied`)
  await expect(other).toHaveURL(/\/sign-in\?return=/)

  await sendSignIn(other, person.email, "not the password at all")
  const wrong = await refusalOn(other)
  await other.reload()
  await sendSignIn(other, "nobody-knows@acme.example", password)
  expect(await refusalOn(other)).toBe(wrong)
  expect(wrong).toContain("The e-mail address or the password is wrong.")
  await expect(other).toHaveURL(/\/sign-in\?return=/)

  await sendSignIn(other, person.email, password)
  await expect(other).toHaveURL(`${logPath}?status=denied`)

  const query = `operation=user_session.create&actor=${person.id}&window=1h&order=oldest`
  const statuses = (await allEvents(request, world.keys.reading, query)).map(event => event.status)
  expect(statuses).toEqual(["success", "failure", "success"])
  const administrator = await as("administrator")
  await administrator.goto(`${logPath}?operation=user_session.create&actor=${person.id}&window=1h`)
  await expect(administrator.getByRole("table")).toContainText(person.name)
  await expect(administrator.getByRole("table")).toContainText("Failure")
})

test("nobody is led to another site after signing in", async ({ as, page }) => {
  const person = await newcomer()
  await enter(page.context(), person)
  await page.context().clearCookies()
  await page.goto("/sign-in?return=//evil.example/acme")
  await sendSignIn(page, person.email, password)
  await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/acme/)

  const reader = await as("reader")
  for (const elsewhere of [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
  ]) {
    const answer = await reader.request.get(`/sign-in?return=${encodeURIComponent(elsewhere)}`, {
      maxRedirects: 0,
    })
    expect(answer.status(), elsewhere).toBe(307)
    expect(answer.headers().location, elsewhere).toBe("/")
  }
})

test("a one-time link that was used and one that was made up are refused in the same words", async ({
  page,
}) => {
  const { link } = await newcomer()
  await redeem(page, link)
  const forged = link.replace(/.{8}$/, "AAAAAAAA")
  const words: string[] = []
  for (const address of [link, forged]) {
    await page.context().clearCookies()
    await page.goto(address)
    await page.getByLabel("New password", { exact: true }).fill(`${password} again`)
    await page.getByRole("button", { name: "Set password and sign in" }).click()
    words.push(await refusalOn(page))
    await expect(page).toHaveURL(/\/sign-in\/link/)
  }
  expect(words[0]).toContain("This link cannot be used")
  expect(words[1]).toBe(words[0])
})

test("after signing out the log is shown neither by the back button nor to whoever kept the cookie", async ({
  page,
  playwright,
  baseURL,
}) => {
  await enter(page.context(), await newcomer())
  await page.goto(logPath)
  await expect(page.getByRole("table").getByRole("row").nth(2)).toBeVisible()
  const kept = await page.context().storageState()
  await page.goto("/account")

  await page.getByRole("button", { name: /^Account: / }).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await page.goBack()
  await expect(page).toHaveURL(/\/sign-in\?return=.*audit-logs/)
  await expect(page.getByRole("table")).toHaveCount(0)

  const thief = await playwright.request.newContext({ baseURL, storageState: kept })
  expect((await thief.get(`${logPath}/events`)).status()).toBe(401)
  const ways: readonly Record<string, string>[] = [
    { rsc: "1" },
    { rsc: "1", "next-router-prefetch": "1" },
    {},
  ]
  for (const headers of ways) {
    const answer = await thief.get(logPath, { headers, maxRedirects: 0 })
    expect(await answer.text()).not.toContain("acme.example")
  }
  await thief.dispose()
})

test("every cookie is out of reach of scripts and of other sites, and for the whole site", async ({
  page,
}) => {
  const answers: Response[] = []
  page.on("response", answer => answers.push(answer))
  await redeem(page, (await newcomer()).link)
  await page.goto("/account")
  await page.getByRole("button", { name: "Sign out", exact: true }).click()
  await expect(page).toHaveURL(/\/sign-in/)

  const cookies: string[] = []
  for (const answer of answers) {
    for (const { name, value } of await answer.headersArray().catch(() => [])) {
      if (name.toLowerCase() === "set-cookie") cookies.push(...value.split("\n"))
    }
  }
  expect(cookies.some(cookie => cookie.startsWith("auditorium.session=ey"))).toBe(true)
  for (const cookie of cookies) {
    expect(cookie).toMatch(/;\s*HttpOnly/i)
    expect(cookie).toMatch(/;\s*SameSite=(Lax|Strict)/i)
    expect(cookie).toMatch(/;\s*Path=\/(;|$)/i)
    expect(cookie).not.toMatch(/;\s*Domain=/i)
  }
})

test("signing out everywhere ends the session of another browser at its next request", async ({
  page,
  another,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  const elsewhere = await another()
  await signIn(elsewhere, person.email)
  const other = await elsewhere.newPage()
  await other.goto("/account")
  await expect(other.getByRole("heading", { name: "Account", exact: true })).toBeVisible()

  await page.goto("/account")
  await page.getByRole("button", { name: "Sign out everywhere", exact: true }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click()
  await expect(page).toHaveURL(/\/sign-in/)

  expect((await other.request.get(`${logPath}/events`)).status()).toBe(401)
  await other.reload()
  await expect(other).toHaveURL(/\/sign-in/)
})

test("what another site asks for is refused: signing in, signing out, server actions", async ({ page }) => {
  const person = await newcomer()
  await enter(page.context(), person)
  const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" }
  const { csrfToken } = await (await page.request.get("/api/auth/csrf")).json()
  for (const path of ["callback/credentials", "callback/e-mail-link", "signout"]) {
    const form = { csrfToken, email: person.email, password, json: "true" }
    const answer = await page.request.post(`/api/auth/${path}`, { headers: foreign, form })
    expect(answer.status(), path).toBe(403)
    expectNoLeak(await answer.text())
  }

  // The request by which the page signs out, intercepted and sent with the origin of another site.
  const sent = await heldBackSignOut(page)
  const headers = { ...(await sent.allHeaders()) }
  for (const name of Object.keys(headers))
    if (name.startsWith(":") || name === "content-length") delete headers[name]
  const replay = (more: Readonly<Record<string, string>>) =>
    page.request.post(sent.url(), { headers: { ...headers, ...more }, data: sent.postDataBuffer() ?? "" })
  await replay(foreign)
  expect((await page.request.get(`${logPath}/events`)).status()).toBe(200)
  expect((await replay({})).status()).toBe(200)
  expect((await page.request.get(`${logPath}/events`)).status()).toBe(401)
})

async function heldBackSignOut(page: Page): Promise<Request> {
  await page.goto("/account")
  const isAction = (request: Request) => request.method() === "POST" && "next-action" in request.headers()
  await page.route("**/account", route => (isAction(route.request()) ? route.abort() : route.continue()))
  const sent = page.waitForRequest(isAction)
  await page.getByRole("button", { name: "Sign out", exact: true }).click()
  return sent
}
