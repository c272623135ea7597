import type { Page } from "@playwright/test"
import { allEvents } from "./api"
import { expect, test } from "./fixtures"
import { latestMail } from "./mail"
import { enter, newcomer, signIn } from "./newcomer"

const better = "four quite unrelated words"
const logPath = "/acme/admin/audit-logs"

async function ask(page: Page, button: string, email: string): Promise<string> {
  // The page before it has a field with the same name.
  await expect(page.getByRole("heading", { name: /Sign in by e-mail|Forgot your password/ })).toBeVisible()
  await page.getByLabel("E-mail").fill(email)
  await page.getByRole("button", { name: button }).click()
  const said = page.getByRole("status").filter({ hasText: "Look into your mailbox" })
  return (await said.innerText()).replace(email, "…")
}

test("a mailed link signs in by its button, once, and leads to the page that was wanted", async ({
  page,
  another,
  request,
  world,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  const elsewhere = await another()
  const other = await elsewhere.newPage()
  await other.goto(`${logPath}?status=denied`)
  await other.getByRole("link", { name: "E-mail me a sign-in link" }).click()
  const known = await ask(other, "E-mail me a sign-in link", person.email)
  await other.goto("/sign-in/e-mail")
  expect(await ask(other, "E-mail me a sign-in link", `nobody-${person.email}`)).toBe(known)

  const { links } = await latestMail(person.email, { subject: /sign-in link/ })
  const link = links[0] ?? ""
  await test.step("opening it, as a scanner of mails does, signs nobody in and uses nothing up", async () => {
    for (let time = 0; time < 2; time += 1) {
      const answer = await elsewhere.request.get(link)
      expect(answer.status()).toBe(200)
      expect(answer.headers()["referrer-policy"]).toBe("no-referrer")
      expect(answer.headers()["cache-control"]).toContain("no-store")
    }
    await other.goto(link)
    await expect(other.getByRole("button", { name: "Sign in" })).toBeVisible()
    expect((await elsewhere.request.get(`${logPath}/events`)).status()).toBe(401)
  })

  await other.getByRole("button", { name: "Sign in" }).click()
  await expect(other).toHaveURL(`${logPath}?status=denied`)

  await test.step("a second time it says what a made-up one says", async () => {
    const words: string[] = []
    const madeUp = link.replace(/token=[\w-]+/, `token=${"A".repeat(43)}`)
    for (const address of [link, madeUp]) {
      await page.goto(address)
      await page.getByRole("button", { name: "Sign in" }).click()
      words.push(await page.locator("form [role=alert]").innerText())
    }
    expect(words[0]).toContain("This link cannot be used")
    expect(words[1]).toBe(words[0])
    await page.getByRole("link", { name: "E-mail me another link" }).click()
    await expect(page.getByLabel("E-mail")).toBeVisible()
  })

  const query = `operation=user_session.create&actor=${person.id}&window=1h&order=oldest`
  const events = await allEvents(request, world.keys.reading, query)
  expect(events.at(-1)).toMatchObject({ status: "success", metadata: { method: "sign-in-link" } })
})

test("a forgotten password is replaced through a mail, which ends every session and is told by another mail", async ({
  page,
  another,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  const other = await (await another()).newPage()
  await other.goto("/sign-in")
  await other.getByRole("link", { name: "Forgot password?" }).click()
  const known = await ask(other, "E-mail me a link", person.email)
  await other.goto("/sign-in/reset")
  expect(await ask(other, "E-mail me a link", `nobody-${person.email}`)).toBe(known)

  const { links } = await latestMail(person.email, { subject: /new password/ })
  await other.goto(links[0] ?? "")
  await expect(other.getByRole("heading", { level: 1 })).toHaveText("Choose a new password")
  await expect(other.getByLabel("Your name")).toHaveCount(0)
  await other.getByLabel("New password", { exact: true }).fill(better)
  await other.getByRole("button", { name: "Set password and sign in" }).click()
  await expect(other).not.toHaveURL(/sign-in/)

  expect((await page.request.get(`${logPath}/events`)).status()).toBe(401)
  await signIn(await another(), person.email, better)
  const notice = await latestMail(person.email, { subject: /was changed/ })
  expect(notice.links).toEqual([])
})
