import { randomUUID } from "node:crypto"
import { expect, type Page } from "@playwright/test"
import { latestMail } from "./mail"

export const invitationsPath = "/acme/admin/settings/access-control/invitations"

/** Returns an unused email. */
export function newAddress(): string {
  return `guest-${randomUUID().slice(0, 8)}@partner.example`
}

/** Invites through the dialog, from the list of invitations, and closes it when every email was invited. */
export async function invite(
  page: Page,
  { roles, emails }: { readonly roles: readonly string[]; readonly emails: readonly string[] },
): Promise<void> {
  await page.goto(invitationsPath)
  await page.getByRole("button", { name: "Invite Member" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Roles", exact: true }).click()
  for (const role of roles) await dialog.getByRole("checkbox", { name: role }).check()
  await dialog.getByLabel("Emails").fill(emails.join(", "))
  await dialog.getByRole("button", { name: "Invite", exact: true }).click()
  for (const email of emails) {
    const result = dialog.getByRole("listitem").filter({ hasText: email })
    await expect(result).toContainText("The invitation is on its way.")
  }
  await dialog.getByRole("button", { name: "Done" }).click()
}

/** Returns the link of the newest invitation to that email, from its mail. */
export async function invitationLink(email: string): Promise<string> {
  const { links } = await latestMail(email)
  const link = links.find(each => each.includes("/invitations/"))
  if (link === undefined) throw new Error(`The mail to ${email} holds no invitation.`)
  return link
}

/** Answers the page of an invitation as somebody without an account. */
export async function acceptAsNewcomer(page: Page, name: string, secret: string): Promise<void> {
  await page.getByLabel("Your name").fill(name)
  await page.getByLabel("Password", { exact: true }).fill(secret)
  await page.getByRole("button", { name: "Accept" }).click()
}

/** Expects the link to give the same page as every link that cannot be used: not found, and no hint. */
export async function expectUseless(page: Page, link: string): Promise<void> {
  const answer = await page.goto(link)
  expect(answer?.status()).toBe(404)
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This invitation cannot be used")
  // They may read their own email; nothing of the invitation.
  const words = (await page.getByRole("main").innerText()).replace(/\S+@\S+/g, "")
  expect(words).not.toMatch(/acme|revoked|declined already|accepted/i)
}
