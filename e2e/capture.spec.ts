import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { expectAccessible, tabTo } from "./accessibility"
import { bearer } from "./api"
import { expect, test } from "./fixtures"
import { adminText } from "./world"

// Of the other organization: what is recorded of acme's calls is not for this spec to change.
const capture = "/globex/admin/settings/capture"
/** Set to what is the default anyway by `scripts/test.mjs`: every other spec has the policy that it expects. */
const lockedVariable = "CLEARML__apiserver__apilog__log_fields__headers__enabled"

function dialog(page: Page) {
  return page.getByRole("dialog")
}

function section(page: Page, name: string) {
  return page.getByRole("region", { name, exact: true })
}

const rule = (page: Page, name: string) =>
  section(page, "Rules").getByRole("listitem").filter({ hasText: name })

/** Returns the names of the rules, in their order. */
async function ruleNames(page: Page): Promise<readonly string[]> {
  const labels = await section(page, "Rules")
    .getByRole("button", { name: /^Edit / })
    .all()
  return Promise.all(labels.map(async label => ((await label.getAttribute("aria-label")) ?? "").slice(5)))
}

async function review(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Review and save" }).click()
  await expect(dialog(page)).toBeVisible()
}

async function save(page: Page): Promise<void> {
  await review(page)
  await dialog(page).getByRole("button", { name: "Save", exact: true }).click()
  await expect(dialog(page)).toHaveCount(0)
  await expect(page.getByText("No changes.")).toBeVisible()
}

async function addRule(page: Page, name: string, path: string, call: string): Promise<void> {
  await page.getByRole("button", { name: "Add rule" }).click()
  await dialog(page).getByLabel("Name").fill(name)
  await dialog(page).getByLabel("Paths").fill(path)
  await dialog(page).getByLabel("The call").selectOption({ label: call })
  await dialog(page).getByRole("button", { name: "Add to the draft" }).click()
  await expect(dialog(page)).toHaveCount(0)
}

test("an administrator turns capture on, sees what that means, and only then saves it", async ({
  as,
  request,
}) => {
  const page = await as("stranger")
  const mark = `No ${randomUUID().slice(0, 8)}`
  await page.goto(capture)

  await test.step("the draft is said in words before anything is saved", async () => {
    await page.getByRole("button", { name: "Use the preset Docker UCP" }).click()
    await expect(page.getByRole("checkbox", { name: "Record API calls" })).toBeChecked()
    await page.getByRole("radio", { name: "Request", exact: true }).check()
    await expect(section(page, "Level")).toContainText("frame streaming or worker status reporting")
    await expect(page.getByRole("complementary", { name: "In words" })).toContainText("With your changes")
    await addRule(page, mark, "/noise*", "Not recorded")
    await expect(rule(page, mark)).toContainText("A call to /noise* is not recorded.")
    await expectAccessible(page, "the draft of a policy")
  })

  await test.step("a call that is tried names the rule that decides, and the exact event", async () => {
    const tried = section(page, "Try a call")
    await tried.getByLabel("Method").selectOption("POST")
    await tried.getByLabel("Path").fill("/noise/today")
    await tried.getByRole("button", { name: "Try" }).click()
    await expect(tried).toContainText(mark)
    await tried.getByLabel("Path").fill("/containers/create?name=web")
    await tried.getByLabel("Request body").fill('{"Image":"nginx","Env":["DB_PASSWORD=hunter2-marker"]}')
    await tried.getByRole("button", { name: "Try" }).click()
    await expect(tried.locator("pre")).toContainText('"Image": "nginx"')
    await expect(tried.locator("pre")).toContainText("DB_PASSWORD")
    await expect(tried.locator("pre")).not.toContainText("hunter2-marker")
    await expectAccessible(page, "a call that was tried")
  })

  await test.step("the review lists the changes and simulates them; cancelled, nothing is saved", async () => {
    await review(page)
    await expect(dialog(page)).toContainText(`Rule “${mark}”`)
    await expect(dialog(page).getByRole("region", { name: "What it would have meant" })).toContainText(
      /calls?/,
    )
    await dialog(page).getByRole("radio", { name: "7 days" }).check()
    await expectAccessible(page, "the review of a change")
    await dialog(page).getByRole("button", { name: "Keep editing" }).click()
    const other = await as("stranger")
    await other.goto(capture)
    await expect(rule(other, mark)).toHaveCount(0)
  })

  await test.step("saved, it is what SDKs get, and the history says who did it", async () => {
    await save(page)
    const key = await adminText("key", ...keyFor("LOG-INGESTION"))
    // Within seconds: each process follows the version by polling.
    await expect(async () => {
      const policy = await request.get("/api/v1/capture/policy", { headers: bearer(key) })
      const answer = await policy.text()
      expect(policy.status(), answer).toBe(200)
      expect(JSON.parse(answer)).toMatchObject({
        policy: {
          enabled: true,
          default: { data: true },
          rules: expect.arrayContaining([expect.objectContaining({ name: mark })]),
        },
      })
    }).toPass()
    await page.getByRole("link", { name: "History" }).click()
    const entry = page.getByRole("main").getByRole("listitem").first()
    await expect(entry).toContainText("Stella Novak")
    await entry.locator("summary").click()
    await expect(entry).toContainText(`Rule “${mark}”`)
    await expectAccessible(page, "the history of a policy")
    const log = await page.request.get(
      "/globex/admin/audit-logs/export?format=jsonl&window=1h&operation=capture_policy.update",
    )
    expect(await log.text()).toContain(mark)
  })
})

test("rules are reordered by keyboard, by buttons and by dragging, and one that never matches is named", async ({
  as,
}) => {
  const page = await as("stranger")
  await page.goto(capture)
  const [first, second] = ["First", "Second"].map(name => `${name} ${randomUUID().slice(0, 6)}`) as [
    string,
    string,
  ]
  await addRule(page, first, "/orders*", "Recorded")
  await addRule(page, second, "/orders/new", "Not recorded")
  const places = async () => {
    const names = await ruleNames(page)
    return [names.indexOf(first), names.indexOf(second)] as const
  }
  const [place] = await places()

  await test.step("what is wrong with a rule is said beside its control", async () => {
    await page.getByRole("button", { name: "Add rule" }).click()
    await dialog(page).getByLabel("Paths").fill("/a*b")
    await dialog(page).getByRole("button", { name: "Add to the draft" }).click()
    await expect(dialog(page).getByLabel("Name")).toHaveAttribute("aria-invalid", "true")
    await expect(dialog(page).getByLabel("Paths")).toHaveAccessibleDescription(/\/a\*b/)
    await expectAccessible(page, "the form of a rule")
    await dialog(page).getByRole("button", { name: "Cancel" }).click()
  })

  await expect(rule(page, second)).toContainText(`Never matches: rule ${place + 1} comes first`)
  await expect(rule(page, first)).not.toContainText("Never matches")

  await test.step("by the arrow keys on the handle, which keeps the focus", async () => {
    const handle = () => rule(page, second).getByRole("button", { name: /^Move rule/ })
    await handle().focus()
    await page.keyboard.press("ArrowUp")
    await expect.poll(places).toEqual([place + 1, place])
    await expect(handle()).toBeFocused()
    await expect(section(page, "Rules").getByRole("status")).toContainText(
      `${second} is now rule ${place + 1}`,
    )
    await expect(rule(page, second)).not.toContainText("Never matches")
  })

  await test.step("by its buttons", async () => {
    await page.getByRole("button", { name: `Move ${second} down` }).click()
    await expect.poll(places).toEqual([place, place + 1])
  })

  await test.step("by dragging", async () => {
    await rule(page, second)
      .getByRole("button", { name: /^Move rule/ })
      .dragTo(rule(page, first))
    await expect.poll(places).toEqual([place + 1, place])
  })

  await test.step("the draft is still there after a look at another page", async () => {
    await page.getByRole("link", { name: "History" }).click()
    await expect(page.getByRole("link", { name: "History" })).toHaveAttribute("aria-current", "page")
    await page.getByRole("link", { name: "Policy" }).click()
    await expect.poll(places).toEqual([place + 1, place])
  })

  await test.step("removed and discarded, everything is as it was", async () => {
    await page.getByRole("button", { name: `Remove ${first}` }).click()
    await expect(rule(page, first)).toHaveCount(0)
    await page.getByRole("button", { name: "Discard" }).click()
    await expect(rule(page, second)).toHaveCount(0)
    await expect(page.getByText("No changes.")).toBeVisible()
  })
})

test("a change over somebody else's shows both versions, and loses neither", async ({ as }) => {
  const [mine, theirs] = [await as("stranger"), await as("stranger")]
  const path = `/theirs-${randomUUID().slice(0, 6)}`
  const own = `/mine-${randomUUID().slice(0, 6)}`
  for (const page of [mine, theirs]) await page.goto(capture)
  const ignore = async (page: Page, added: string) => {
    await page.getByLabel("Ignore another path").fill(added)
    await page.keyboard.press("Enter")
  }
  await theirs.getByRole("checkbox", { name: "Record only ids of created and changed objects" }).click()
  await theirs
    .getByLabel("Response data", { exact: true })
    .selectOption({ label: "Recorded, within the limit" })
  await ignore(theirs, path)
  await save(theirs)
  await ignore(mine, own)
  await mine.getByLabel("Response data", { exact: true }).selectOption({ label: "Only these fields" })
  await mine.getByLabel("Response data: names of the fields").fill("id")
  await review(mine)
  await dialog(mine).getByRole("button", { name: "Save", exact: true }).click()
  await expect(dialog(mine).getByRole("alert")).toContainText("was saved meanwhile")
  await expect(dialog(mine).getByRole("region", { name: /^Saved: version/ })).toContainText(path)
  await expect(dialog(mine).getByRole("region", { name: "Yours, not saved" })).toContainText(own)
  await expect(dialog(mine)).toContainText("Both of you changed response data")
  await expectAccessible(mine, "two versions of a policy")
  await dialog(mine).getByRole("button", { name: "Put mine on top and review again" }).click()
  await expect(dialog(mine)).toContainText(own)
  await dialog(mine).getByRole("button", { name: "Save", exact: true }).click()
  await expect(mine.getByText("No changes.")).toBeVisible()
  await theirs.reload()
  for (const added of [path, own]) await expect(section(theirs, "Ignored paths")).toContainText(added)
  await expect(
    theirs.getByRole("checkbox", { name: "Record only ids of created and changed objects" }),
  ).toBeChecked({
    checked: false,
  })
})

test("the whole way works by keyboard, with keys of ClearML pasted into the draft", async ({ as }) => {
  const page = await as("stranger")
  await page.goto(capture)
  await tabTo(page, "button", "Paste an apiserver.conf")
  await page.keyboard.press("Enter")
  await expect(dialog(page).getByLabel("Configuration")).toBeVisible()
  await dialog(page)
    .getByLabel("Configuration")
    .fill('endpoints.tasks.get_all.log_data: ["id"]\nlog_calls: maybe')
  await dialog(page).getByRole("button", { name: "Put into the draft" }).press("Enter")
  await expect(dialog(page).getByLabel("Configuration")).toHaveAccessibleDescription(/maybe/)
  await dialog(page)
    .getByLabel("Configuration")
    .fill('endpoints.tasks.get_all.log_data: ["id"]\napilog.redact_identity: true')
  await dialog(page).getByRole("button", { name: "Put into the draft" }).press("Enter")
  await expect(dialog(page)).toHaveCount(0)
  await expect(page.getByRole("checkbox", { name: "Redact the identity of callers" })).toBeChecked()
  await page.getByRole("checkbox", { name: "Show environment lines" }).press("Space")
  await expect(rule(page, "tasks.get_all")).toContainText("endpoints__tasks__get_all__log_data=")
  await page.getByRole("button", { name: "Review and save" }).press("Enter")
  await expect(dialog(page)).toContainText("Rule “tasks.get_all”")
  await page.keyboard.press("Escape")
  await expect(dialog(page)).toHaveCount(0)
})

test("what the environment of the server sets is locked, says so, and is left by everything that replaces the draft", async ({
  as,
  request,
}) => {
  const page = await as("stranger")
  await page.goto(capture)
  const parts = section(page, "Parts of an entry")
  const headers = parts.getByRole("checkbox", { name: "Headers" })
  await expect(parts, `npm test starts the console with ${lockedVariable}=false`).toContainText(
    `Set by ${lockedVariable} in the environment of the server`,
  )
  await expect(headers).toBeDisabled()
  await expectAccessible(page, "a locked control")

  await test.step("neither the mouse nor the keyboard changes it; the keyboard goes on behind it", async () => {
    await headers.click({ force: true })
    await parts.getByRole("checkbox", { name: "Identity" }).focus()
    await page.keyboard.press("Tab")
    await expect(parts.getByRole("button", { name: "Copy the environment line: Headers" })).toBeFocused()
    await page.keyboard.press("Tab")
    await expect(parts.getByRole("checkbox", { name: "API version" })).toBeFocused()
    await expect(headers).not.toBeChecked()
  })

  await test.step("keys that are pasted change everything around it", async () => {
    await page.getByRole("button", { name: "Paste an apiserver.conf" }).click()
    await dialog(page)
      .getByLabel("Configuration")
      .fill("apilog.log_fields { headers.enabled: true, version.enabled: false }")
    await dialog(page).getByRole("button", { name: "Put into the draft" }).click()
    await expect(dialog(page)).toHaveCount(0)
    await expect(parts.getByRole("checkbox", { name: "API version" })).not.toBeChecked()
    await expect(headers).not.toBeChecked()
    await review(page)
    await expect(dialog(page)).not.toContainText("Headers")
    await page.keyboard.press("Escape")
  })

  await test.step("the API refuses another value and names the variable", async () => {
    const key = bearer(await adminText("key", ...keyFor("CAPTURE-MANAGEMENT")))
    const { policy } = await (await request.get("/api/v1/capture/policy", { headers: key })).json()
    const wanted = { ...policy, categories: { ...policy.categories, headers: true } }
    const answer = await request.put("/api/v1/capture/policy", { headers: key, data: { policy: wanted } })
    expect(answer.status()).toBe(409)
    expect(await answer.text()).toContain(lockedVariable)
  })
})

test("a producer that lost calls is listed, and a banner says so on every page of Capture", async ({
  as,
  request,
}) => {
  const page = await as("stranger")
  await page.goto(`${capture}/producers`)
  const key = await adminText("key", ...keyFor("LOG-INGESTION"))
  const report = (dropped: number) =>
    request.post("/api/v1/capture/counts", {
      headers: bearer(key),
      data: {
        instance: randomUUID(),
        sequence: 1,
        kind: "express",
        version: "0.1.0",
        profile: "generic",
        host: "web-1",
        policyVersion: 1,
        dropped,
        counts: [],
      },
    })
  expect((await report(0)).ok()).toBe(true)
  await page.reload()
  await expect(page.getByRole("table")).toContainText("express 0.1.0")
  await expect(page.getByText("Some calls were not recorded")).toHaveCount(0)
  expect((await report(12)).ok()).toBe(true)
  await page.reload()
  await expect(page.getByRole("table")).toContainText("Losing calls")
  await expectAccessible(page, "the producers")
  await page.goto(capture)
  await expect(page.getByText("Some calls were not recorded")).toBeVisible()
  await expect(page.getByRole("link", { name: "See the producers" })).toBeVisible()
})

test("without the permission, the page says which one is missing and shows nothing", async ({ as }) => {
  const page = await as("reader")
  await page.goto("/acme/admin/settings/capture")
  await expect(page.getByText("You do not have access to this page")).toBeVisible()
  await expect(page.getByText("CAPTURE-MANAGEMENT")).toBeVisible()
  await expect(page.getByRole("button", { name: "Review and save" })).toHaveCount(0)
})

function keyFor(scope: string): readonly string[] {
  return [
    "key",
    "create",
    "--organization",
    "globex",
    "--app",
    "sandbox",
    "--name",
    "capture",
    "--scope",
    scope,
  ]
}
