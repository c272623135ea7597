import { randomUUID } from "node:crypto"
import { bearer, sendEvents } from "./api"
import { inDatabase } from "./database"
import { expect, test } from "./fixtures"
import { openLog, rowsOf } from "./log"
import { arrive, arriveWith, suspend } from "./narrow-people"
import { enter } from "./newcomer"
import { confirmIdentity } from "./proof"
import { admin, adminText } from "./world"

const membersPath = "/acme/admin/settings/access-control/members"

test("a role that an administrator takes away hides the rows of the open page of its holder, who is told whom to ask", async ({
  as,
  another,
}) => {
  const { person, context } = await arrive(another)
  const page = await context.newPage()
  await openLog(page)
  await rowsOf(page).first().getByRole("link").click()
  await expect(page.getByRole("region", { name: "Event" })).toBeVisible()

  const administrator = await as("administrator")
  await confirmIdentity(administrator)
  await administrator.goto(`${membersPath}/${person.id}`)
  await administrator.getByRole("button", { name: "Change roles" }).click()
  const dialog = administrator.getByRole("dialog")
  await dialog.getByRole("checkbox", { name: "Auditor" }).uncheck()
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(dialog).toHaveCount(0)

  await rowsOf(page).nth(1).getByRole("link").click()
  await expect(page.getByRole("heading", { name: "You may no longer see this log" })).toBeVisible()
  await expect(page.getByRole("table")).toHaveCount(0)
  await expect(page.getByRole("region", { name: "Event" })).toHaveCount(0)
  await page.getByRole("link", { name: "See who can grant it" }).click()
  await expect(page.getByText("LOG-MANAGEMENT")).toBeVisible()
})

test("a suspended member's open page shows nothing any more", async ({ another }) => {
  const { person, context } = await arrive(another)
  const page = await context.newPage()
  await openLog(page)
  await suspend(person)
  await rowsOf(page).first().getByRole("link").click()
  await expect(page.getByRole("heading", { name: "You no longer belong to this organization" })).toBeVisible()
  await expect(page.getByRole("table")).toHaveCount(0)
})

test("a download on its way breaks off when its reader loses the right to read, and the log says so", async ({
  another,
  baseURL,
  request,
}) => {
  // A separate log, larger than the network buffers for a reader who does not read.
  const slug = `exports-${randomUUID().slice(0, 8)}`
  const email = `reader@${slug}.example`
  await admin("organization", "create", "--slug", slug, "--name", "Exports")
  await admin("administrator", "create", "--organization", slug, "--email", email, "--name", "Rita Reader")
  await admin("app", "create", "--organization", slug, "--slug", "sender", "--name", "Sender")
  const makeKey = (scope: string) =>
    adminText(
      "key",
      "key",
      "create",
      "--organization",
      slug,
      "--app",
      "sender",
      "--name",
      "e2e",
      "--scope",
      scope,
    )
  const write = await makeKey("LOG-INGESTION")
  const read = await makeKey("LOG-MANAGEMENT")
  const filler = "x".repeat(12_000)
  const batches = 20
  const perBatch = 250
  for (let batch = 0; batch < batches; batch += 1) {
    const events = Array.from({ length: perBatch }, () => ({
      operation: "door.open",
      status: "success",
      actor: { type: "user", id: "x" },
      metadata: { filler },
    }))
    await sendEvents(request, write ?? "", events)
  }
  const context = await another()
  await enter(context, { email })
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ")

  const address = `${baseURL}/${slug}/admin/audit-logs/export?format=jsonl&window=all`
  const answer = await fetch(address, { headers: { cookie } })
  expect(answer.status).toBe(200)
  const reader = answer.body?.getReader()
  let bytes = (await reader?.read())?.value?.length ?? 0
  await inDatabase(slug, [["DELETE FROM membership_role WHERE organization_id = $1"]])
  const readOn = async () => {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read())
      bytes += next.value.length
  }
  await expect(readOn()).rejects.toThrow()
  expect(bytes).toBeLessThan(batches * perBatch * filler.length)

  const ended = `/api/v1/events?window=all&operation=event.export&status=denied`
  const logged = await request.get(ended, { headers: bearer(read ?? "") })
  const { events } = await logged.json()
  expect(events).toMatchObject([{ status: "denied", metadata: { phase: "ended" } }])
  expect(events[0].metadata.events).toBeLessThan(batches * perBatch)
})

test("whoever signs out in one tab is told so in the other", async ({ another }) => {
  const { context } = await arrive(another)
  const page = await context.newPage()
  await openLog(page)
  await context.clearCookies()
  await rowsOf(page).first().getByRole("link").click()
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible()
  await expect(page.getByRole("table")).toHaveCount(0)
  await page.getByRole("link", { name: "Sign in again" }).click()
  await expect(page).toHaveURL(/\/sign-in\?return=%2Facme%2Fadmin%2Faudit-logs/)
})

test("a reader of one app is told so, chooses among that app only, and takes along what they see", async ({
  another,
  request,
  world,
}) => {
  await sendEvents(request, world.keys.ingestion, [
    { operation: "door.open", status: "success", actor: { type: "user", id: "x" }, description: "a door" },
  ])
  const { context } = await arriveWith(another, ["LOG-MANAGEMENT"], ["sandbox"])
  const page = await context.newPage()
  await page.goto("/acme/admin/audit-logs?window=all")
  await expect(page.getByText("You see the events of 1 app: Sandbox.")).toBeVisible()
  await expect(page.getByRole("link", { name: "Export", exact: true })).toBeVisible()
  const exported = await page.request.get("/acme/admin/audit-logs/export?format=jsonl&window=all")
  const apps = (await exported.text())
    .trimEnd()
    .split("\n")
    .map(line => JSON.parse(line).appId)
  expect(new Set(apps).size).toBe(1)
})

test("a reader of their own actions is told so, and is not offered an export that they may not have", async ({
  another,
}) => {
  const { person, context } = await arriveWith(another, ["LOG-OWN"])
  const page = await context.newPage()
  await page.goto("/acme/admin/audit-logs?window=all")
  await expect(page.getByText("You see your own actions only.")).toBeVisible()
  await expect(page.getByRole("link", { name: "Export", exact: true })).toHaveCount(0)
  const answer = await page.request.get("/acme/admin/audit-logs/events?window=all&limit=100")
  const { rows } = await answer.json()
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) expect(row.actor.id).toBe(person.id)
})
