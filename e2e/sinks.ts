import { randomBytes, randomUUID } from "node:crypto"
import type { APIRequestContext, Locator, Page } from "@playwright/test"
import { sendEvents } from "./api"
import { expect } from "./fixtures"
import { confirmIdentity } from "./proof"
import { type Receiver, receivedEvents } from "./receiver"
import { adminText } from "./world"

/** The label of the secret of a webhook. */
export const secretLabel = "Signing secret (whsec_...)"

/** Returns a new secret of a webhook. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`
}

/** Returns the path of the sinks of an organization. */
export function sinksOf(organization: string): string {
  return `/${organization}/admin/settings/sinks`
}

export function dialogOf(page: Page): Locator {
  return page.getByRole("dialog")
}

export function sectionOf(page: Page, name: string): Locator {
  return page.getByRole("region", { name, exact: true })
}

/** Adds a webhook to the receiver, and stays on its page. */
export async function addSink(
  page: Page,
  organization: string,
  receiver: Receiver,
  name: string,
): Promise<void> {
  await confirmIdentity(page)
  await page.goto(`${sinksOf(organization)}/new?kind=webhook`)
  await page.getByLabel("Name", { exact: true }).fill(name)
  await page.getByLabel("URL", { exact: true }).fill(receiver.url)
  await page.getByLabel(secretLabel, { exact: true }).fill(newSecret())
  await page.getByRole("button", { name: "Add sink" }).click()
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
}

/** Deletes the sink whose page is open. */
export async function deleteSink(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Delete", exact: true }).click()
  await dialogOf(page).getByRole("button", { name: "Delete sink" }).click()
  await expect(page.getByRole("heading", { name: "Sinks", level: 1 })).toBeVisible()
  await expect(page.getByRole("main").getByRole("link", { name })).toHaveCount(0)
}

/** An event of the specs: its id, and its number in the log. */
export interface Recorded {
  readonly id: string
  readonly index: number
}

/** Sends events into the log of the organization. */
export async function record(
  request: APIRequestContext,
  organization: string,
  count: number,
): Promise<readonly Recorded[]> {
  const key = await adminText(
    "key",
    ...["key", "create", "--organization", organization, "--app", "sandbox"],
    ...["--name", "sinks", "--scope", "LOG-INGESTION"],
  )
  const event = { operation: "door.open", status: "success", actor: { type: "user", id: "stella" } }
  const events = Array.from({ length: count }, () => ({ id: randomUUID(), ...event }))
  const sent = await sendEvents(request, key, events)
  return sent.map(({ id = "", index = -1 }) => ({ id, index }))
}

/** Waits until the receiver has got these events. */
export async function expectReceived(receiver: Receiver, recorded: readonly Recorded[]): Promise<void> {
  const ids = recorded.map(({ id }) => id)
  await expect(() => expect(receivedEvents(receiver)).toEqual(expect.arrayContaining(ids))).toPass()
}

/** Reads the page again until it says so. */
export async function expectSoon(page: Page, words: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click()
    await expect(page.getByRole("main")).toContainText(words, { timeout: 1000 })
  }).toPass()
}

/** What a sink says that has nothing left to send. */
export const allHandled = "Everything that was recorded so far has been handled."
