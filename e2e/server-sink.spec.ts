import { type ChildProcess, fork } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { readOrCreateSecret } from "@/scripts/launcher/data-directory.mjs"
import { probePort } from "@/scripts/launcher/port.mjs"
import { startPostgres } from "@/scripts/postgres.mjs"
import { expectAccessible } from "./accessibility"
import { expect, test } from "./fixtures"
import { sinksOf } from "./sinks"
import { dataDirectory, stateFile } from "./world"

/** Only against a hang. */
const hangMs = 120_000
const variable = "CLEARML__APISERVER__apilog__adapter"

let server: ChildProcess
let baseURL: string
const folder = mkdtempSync(path.join(tmpdir(), "auditorium-e2e-"))

/** A second web process on the same database, whose environment makes a sink. */
test.beforeAll(async () => {
  const { applicationUrl } = await startPostgres({ directory: path.join(dataDirectory, "postgres") })
  const free = await probePort("127.0.0.1", 0)
  if (!("port" in free)) throw new Error(free.problem)
  baseURL = `http://127.0.0.1:${free.port}`
  server = fork("scripts/server.mjs", {
    env: {
      ...process.env,
      ...{ DATABASE_URL: applicationUrl, DATABASE_OWNER_URL: "", SECRET: readOrCreateSecret(dataDirectory) },
      ...{
        HOST: "127.0.0.1",
        PORT: String(free.port),
        BASE_URL: baseURL,
        DATA_DIR: folder,
        NODE_ENV: "production",
      },
      CLEARML__APISERVER__log_calls: "true",
      [variable]: "logging",
      CLEARML__APISERVER__apilog__adapters__logging__handler__kwargs__host: "fluentd.example.com",
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  for (const end = performance.now() + hangMs; performance.now() < end; await sleep(200)) {
    const answer = await fetch(`${baseURL}/api/health`).catch(() => null)
    if (answer?.ok) return
  }
  throw new Error("The second web process did not start.")
})

test.afterAll(async () => {
  server.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

test("the sink of the environment is in the list of every organization and on a page of its own, with the variables that set it, and nothing of it can be changed", async ({
  browser,
}) => {
  for (const [person, organization] of [
    ["administrator", "acme"],
    ["stranger", "globex"],
  ] as const) {
    const context = await browser.newContext({ baseURL, storageState: stateFile(person) })
    const page = await context.newPage()
    await page.goto(sinksOf(organization))
    const row = page.getByRole("row").filter({ hasText: "logging (environment)" })
    await expect(row).toContainText("Set by the environment")
    await expect(row).toContainText("fluentd.example.com:24224")
    await expectAccessible(page, "the list with the sink of the environment")

    await row.getByRole("link", { name: "logging (environment)" }).click()
    await expect(page.getByRole("heading", { name: "logging (environment)", level: 1 })).toBeVisible()
    await expect(page.getByRole("main")).toContainText("cannot be changed here")
    await expect(page.getByRole("main")).toContainText(variable)
    await expectAccessible(page, "the page of the sink of the environment")
    for (const name of ["Pause", "Delete", "Resume", "Save", "Replay"])
      await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0)
    const tabs = page.getByRole("navigation", { name: "Sink", exact: true })
    await expect(tabs.getByRole("link", { name: "Settings" })).toHaveCount(0)
    await tabs.getByRole("link", { name: "Deliveries" }).click()
    await expect(page).toHaveURL(/\/deliveries$/)
    await expectAccessible(page, "the deliveries of the sink of the environment")

    const form = await page.goto(page.url().replace(/\/deliveries$/, "/edit"))
    expect(form?.status()).toBe(404)
    await context.close()
  }
})
