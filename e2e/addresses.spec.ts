import { randomBytes } from "node:crypto"
import { expect, test } from "./fixtures"
import { choose, openLog } from "./log"
import { enter, newcomer, sendSignIn } from "./newcomer"
import { password } from "./world"

const logPath = "/acme/admin/audit-logs"

/** A query with as many ids as fit, each different from the others. */
function longQuery(bytes: number): string {
  const ids: string[] = []
  while (`actor=${ids.join("&actor=")}`.length < bytes - 120) ids.push(randomBytes(48).toString("hex"))
  return `actor=${ids.join("&actor=")}`
}

test("sign-in with the longest address of the log leads back to it, by password and through the provider", async ({
  page,
  another,
}) => {
  const person = await newcomer()
  await enter(page.context(), person)
  const query = longQuery(8 * 1024 - logPath.length - 1)
  const other = await (await another()).newPage()
  await other.goto(`${logPath}?${query}`)
  await expect(other).toHaveURL(/\/sign-in\?return=/)
  expect(other.url().length).toBeLessThan(8 * 1024)
  await sendSignIn(other, person.email, password)
  await expect(other).toHaveURL(`${logPath}?${query}`)

  const withoutPassword = await newcomer()
  const third = await (await another()).newPage()
  await third.goto(`${logPath}?${query}`)
  await third.getByRole("button", { name: "Continue with Acme SSO" }).click()
  await third.getByPlaceholder("Enter any login").fill(withoutPassword.email)
  await third.getByPlaceholder("and password").fill("anything")
  await third.getByRole("button", { name: "Sign-in" }).click()
  await third.getByRole("button", { name: "Continue" }).click()
  await expect(third).toHaveURL(`${logPath}?${query}`)
})

test("a value that an address cannot hold is refused beside its field, and the log stays as it was", async ({
  as,
}) => {
  const page = await as("administrator")
  const query = longQuery(7 * 1024)
  await openLog(page, query)
  const before = page.url()
  const search = page.getByRole("textbox", { name: "Search text, names and ids" })
  await search.fill("x".repeat(200))
  await expect(page.locator("search [role=alert]")).toContainText("POST /api/v1/events/search")
  await search.press("Enter")
  await search.fill("")
  const ip = page.getByRole("dialog", { name: "Source IP", exact: true })
  await choose(page, "Source IP", "2001:db8:1111:2222:3333:4444:5555:6666/128", /2001/)
  for (let n = 1; n < 6; n++) {
    await ip.getByRole("combobox").fill(`2001:db8:1111:2222:3333:4444:5555:${n}`)
    await ip.getByRole("option", { name: /2001.*“|“2001/ }).click()
    if (await ip.getByText("POST /api/v1/events/search").isVisible()) break
  }
  await expect(ip.getByText("POST /api/v1/events/search")).toBeVisible()
  expect(before.length).toBeLessThan(8 * 1024)
  expect(page.url().length).toBeLessThan(8 * 1024)
})

test("every page has its policy, also under names that look like built files", async ({ request }) => {
  for (const address of [
    "/",
    "/sign-in",
    "/favicon-ico",
    "/favicon-ico/admin/audit-logs",
    "/favicon",
    "/apix/admin",
  ]) {
    const answer = await request.get(address, { maxRedirects: 0 })
    expect([address, answer.headers()["content-security-policy"]]).toEqual([
      address,
      expect.stringMatching(/script-src 'nonce-/),
    ])
  }
  for (const file of ["/favicon.ico", "/favicon.svg"]) expect((await request.get(file)).status()).toBe(200)
})

test("what is sent to a server action and cannot be read is the sender's mistake, and what comes from elsewhere is refused", async ({
  request,
  baseURL,
}) => {
  const { readFileSync } = await import("node:fs")
  const manifest = readFileSync(".next/server/server-reference-manifest.json", "utf8")
  const [id = ""] = /[0-9a-f]{42}(?="[^}]*"app\/\(auth\)\/sign-in\/e-mail\/page")/.exec(manifest) ?? []
  const send = (data: string, headers: Record<string, string> = {}) =>
    request.post("/sign-in/e-mail", {
      headers: {
        "next-action": id,
        "content-type": "text/plain;charset=UTF-8",
        origin: baseURL ?? "",
        ...headers,
      },
      data,
    })
  for (const data of ["[", "x", '{"a":', '["$F1"]', '[["$Q9"]]', '["$B1"]']) {
    expect([data, (await send(data)).status()]).toEqual([data, 400])
  }
  const broken = { "content-type": "multipart/form-data; boundary=x" }
  expect((await send("--x\r\nbroken", broken)).status()).toBe(400)
  expect((await send("--x\r\nbroken", { "content-type": "multipart/form-data" })).status()).toBe(400)
  // Readable, but not plain data.
  expect(await (await send('["$T"]')).text()).toMatch(/"code":"(malformed|invalid)"/)
  for (const origin of ["https://evil.example", "null"]) {
    expect((await send("[null,{}]", { origin })).status()).toBe(403)
  }
  expect((await send("[null,{}]")).status()).toBe(200)
})
