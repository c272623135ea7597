import { readFileSync, writeFileSync } from "node:fs"
import http from "node:http"
import path from "node:path"
import { expectAccessible } from "./accessibility"
import { expect, test } from "./fixtures"
import { expectNoLeak } from "./leaks"

const dataDirectory = process.env.E2E_DATA_DIR ?? path.resolve(import.meta.dirname, "..", ".data")

/** The url at which `npm start` shows caught mail. */
function mailPage(): string {
  const connection: unknown = JSON.parse(readFileSync(path.join(dataDirectory, "connection.json"), "utf8"))
  return String(Object(connection).mail)
}

/** A mail that would report its reader to that server, if anything of it were loaded. */
const hostile = (server: string) => `<html><body style="background: #fff"><h1>A hostile mail</h1>
<img src="${server}/pixel.png"><link rel="stylesheet" href="${server}/x.css">
<script>top.document.title = "scripts run"; document.querySelector("h1").textContent = "scripts run"</script>
<img src=x onerror="top.document.title = 'handlers run'">
<form action="${server}/"><input name="password"><button>Send</button></form>
<iframe src="${server}/frame"></iframe>
<a href="/account">A link</a></body></html>`

/** Puts a mail where the catcher puts them. */
function catchMail(subject: string, html: string): void {
  const time = new Date().toISOString().replaceAll(":", "-")
  const part = (type: string, body: string) =>
    `--cut\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${body}\r\n`
  const head = [
    "From: Auditorium <audit@acme.example>",
    "To: nadia@acme.example",
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/alternative; boundary="cut"',
  ].join("\r\n")
  const text = "Open this: https://audit.example.com/sign-in/link?token=abc"
  writeFileSync(
    path.join(dataDirectory, "mail", `${time}-${Math.floor(Math.random() * 1e9)}.eml`),
    `${head}\r\n\r\n${part("text/plain", text)}${part("text/html", html)}--cut--\r\n`,
    { mode: 0o600 },
  )
}

test("whoever has the key reads caught mail: its text, its headers, its source, and its HTML without anything in it running", async ({
  browser,
}) => {
  // A page without the check for refused content: here the browser is meant to refuse it.
  const context = await browser.newContext()
  const page = await context.newPage()
  const subject = `Hostile ${Date.now()}`
  const evil = await listenForRequests()
  await page.goto(mailPage())
  await expect(page.getByRole("heading", { name: "Mail", level: 1 })).toBeVisible()
  // It arrives while the page is open, and appears by itself.
  catchMail(subject, hostile(evil.address))
  await page.getByRole("link", { name: subject }).click()
  await expect(page.getByRole("heading", { name: subject, level: 1 })).toBeVisible()
  await expect(page.frameLocator("iframe").getByRole("heading", { name: "A hostile mail" })).toBeVisible()
  await expect(page).toHaveTitle(`${subject} · Auditorium`)
  await page.getByRole("tab", { name: "Text" }).click()
  const link = page.getByRole("link", { name: "https://audit.example.com/sign-in/link?token=abc" })
  await expect(link).toHaveAttribute("rel", "noreferrer")
  await expectAccessible(page, "a caught mail")
  await page.getByRole("tab", { name: "Headers" }).click()
  await expect(page.getByText("audit@acme.example").last()).toBeVisible()
  await page.getByRole("tab", { name: "Source" }).click()
  await expect(page.getByText("boundary=")).toBeVisible()
  await page.getByRole("link", { name: "Mail", exact: true }).click()
  await expectAccessible(page, "the list of caught mail")
  await context.close()
  expect(evil.asked).toEqual([])
  evil.close()
})

/** An external server that records requests: what a browser refuses never gets there. */
async function listenForRequests() {
  const asked: string[] = []
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? "")
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("It does not listen.")
  return { address: `http://127.0.0.1:${address.port}`, asked, close: () => server.close() }
}

test("without the key, and under another name of this machine, there is nothing", async ({
  request,
  baseURL,
}) => {
  const right = new URL(mailPage())
  expect((await request.get(right.href)).status()).toBe(200)
  const unknown = await request.get("/nothing/is/here")
  for (const address of [
    `${right.pathname}x`,
    "/mail/wrong",
    "/mail/wrong/2026-11-21T08-00-00.000Z-000001",
  ]) {
    const answer = await request.get(address, { maxRedirects: 0 })
    const body = await answer.text()
    expect(answer.status(), address).toBe(unknown.status())
    expect(body, address).toContain("There is nothing here")
    expect(body, address).not.toContain("nadia@acme.example")
    expectNoLeak(body)
  }
  // Whatever name was used, the page is only served at the console's own url.
  expect(await statusUnder("evil.example", right, baseURL ?? "")).toBe(307)
  expect(await statusUnder("localhost", right, baseURL ?? "")).toBe(307)
})

/** A page of another site whose name resolves to this machine sends requests with that name. */
function statusUnder(host: string, { pathname }: URL, baseURL: string): Promise<number | undefined> {
  const { hostname, port } = new URL(baseURL)
  return new Promise((resolve, reject) => {
    const asking = http.get(
      { hostname, port, path: pathname, headers: { host: `${host}:${port}` } },
      answer => {
        answer.resume()
        answer.once("end", () => resolve(answer.statusCode))
      },
    )
    asking.once("error", reject)
  })
}
