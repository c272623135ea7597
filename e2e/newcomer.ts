import { randomUUID } from "node:crypto"
import { hash } from "@node-rs/argon2"
import type { BrowserContext, Page } from "@playwright/test"
import { expect } from "@playwright/test"
import { storePassword } from "./database"
import { admin, password } from "./world"

/** A person whom no other spec uses, with an unused one-time link. */
export interface Newcomer {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly link: string
}

/** Creates a new member of acme with that role. */
export async function newcomer(role = "Auditor"): Promise<Newcomer> {
  const email = `newcomer-${randomUUID().slice(0, 8)}@acme.example`
  const name = "Nora Newcomer"
  const printed = await admin(
    ...["member", "create", "--organization", "acme", "--email", email, "--name", name, "--role", role],
  )
  const { id, link } = Array.isArray(printed) ? { id: null, link: null } : Object(printed)
  if (typeof id !== "string" || typeof link !== "string") throw new Error("The command printed no link.")
  return { id, email, name, link }
}

interface FirstAdministrator {
  readonly slug: string
  /** Of the organization. */
  readonly name: string
  readonly email: string
  readonly person: string
}

/** Creates an organization with its first administrator. */
export async function organizationOf({ slug, name, email, person }: FirstAdministrator): Promise<void> {
  await admin("organization", "create", "--slug", slug, "--name", name)
  await admin(...["administrator", "create", "--organization", slug, "--email", email, "--name", person])
}

/** Sets the password by the one-time link, which also signs in. Leaves the browser on an empty page. */
export async function redeem(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel("New password", { exact: true }).fill(password)
  await withoutStartPage(page, () => page.getByRole("button", { name: "Set password and sign in" }).click())
}

/** The start page leads to the log, which costs more than the whole sign-in: who wants to see it opens it. */
async function withoutStartPage(page: Page, signIn: () => Promise<void>): Promise<void> {
  const isStart = (url: URL) => url.pathname === "/"
  await page.route(isStart, route => route.fulfill({ contentType: "text/html", body: "Signed in" }))
  await signIn()
  await expect(page).not.toHaveURL(/sign-in/)
  await page.unroute(isStart)
}

/** Fills in the sign-in form of the page and sends it. */
export async function sendSignIn(page: Page, email: string, secret: string): Promise<void> {
  await page.getByLabel("E-mail").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(secret)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
}

/** The specs' password at the lowest cost: checking it takes no time. */
const cheapHash = hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })

/**
 * Signs somebody in who has not set a password yet, without a page: the pages of signing in have specs of their own. Leaves the
 * one-time link unused.
 */
export async function enter(context: BrowserContext, { email }: { readonly email: string }): Promise<void> {
  await storePassword(email, await cheapHash)
  await signIn(context, email)
}

/** Signs the browser in, as its pages would. */
export async function signIn({ request }: BrowserContext, email: string, secret = password): Promise<void> {
  const { csrfToken } = await (await request.get("/api/auth/csrf")).json()
  const answer = await request.post("/api/auth/callback/credentials", {
    headers: { origin: new URL(process.env.E2E_BASE_URL ?? "http://127.0.0.1:3000").origin },
    form: { csrfToken, email, password: secret, json: "true" },
  })
  expect(answer.status(), await answer.text()).toBe(200)
}
