import { type BrowserContext, expect, test as setup } from "@playwright/test"
import { sendEvents } from "./api"
import { enter } from "./newcomer"
import { admin, adminText, type PersonName, password, people, stateFile, writeWorld } from "./world"

async function signIn(context: BrowserContext, name: PersonName): Promise<void> {
  await enter(context, people[name])
  await context.storageState({ path: stateFile(name) })
}

setup("the first administrator signs in by the link that the start printed", async ({ page }) => {
  // When run by hand against an existing console, there may be no link left: the admin command creates one.
  const link =
    process.env.E2E_LINK || (await adminText("link", "link", "--email", people.administrator.email))
  await page.goto(link)
  await page.getByLabel("New password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Set password and sign in" }).click()
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
  await expect(page).not.toHaveURL(/sign-in/)
  await page.context().storageState({ path: stateFile("administrator") })
})

for (const name of ["reader", "member"] as const) {
  setup(`the ${name} signs in`, ({ context }) => signIn(context, name))
}

setup("another organization has an administrator of its own", async ({ context }) => {
  const { email, organization } = people.stranger
  const known = await admin("organization", "list")
  const isKnown = Array.isArray(known) && known.some(({ slug }) => slug === organization)
  if (!isKnown) await admin("organization", "create", "--slug", organization, "--name", "Globex")
  await admin(
    "administrator",
    "create",
    "--organization",
    organization,
    "--email",
    email,
    "--name",
    "Stella Novak",
  )
  await signIn(context, "stranger")
})

setup("apps have keys", async ({ request }) => {
  const key = (organization: string, app: string, scope: string) =>
    adminText(
      "key",
      "key",
      "create",
      "--organization",
      organization,
      "--app",
      app,
      "--name",
      "e2e",
      "--scope",
      scope,
    )
  for (const organization of ["acme", "globex"]) {
    const apps = await admin("app", "list", "--organization", organization)
    const isKnown = Array.isArray(apps) && apps.some(({ slug }) => slug === "sandbox")
    if (!isKnown)
      await admin("app", "create", "--organization", organization, "--slug", "sandbox", "--name", "Sandbox")
  }
  const foreign = await key("globex", "sandbox", "LOG-MANAGEMENT")
  const results = await sendEvents(request, await key("globex", "sandbox", "LOG-INGESTION"), [
    {
      operation: "vault.open",
      status: "success",
      actor: { type: "user", id: "stella", name: "Stella Novak" },
      description: "Nobody of another organization may read this sentence",
    },
  ])
  const foreignEventId = results[0]?.id
  if (foreignEventId === undefined) throw new Error("The other organization's event was not taken.")
  writeWorld({
    keys: {
      ingestion: await key("acme", "sandbox", "LOG-INGESTION"),
      reading: await key("acme", "sandbox", "LOG-MANAGEMENT"),
      foreign,
    },
    foreignEventId,
  })
})
