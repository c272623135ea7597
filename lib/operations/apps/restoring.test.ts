import { beforeEach, expect, test } from "vitest"
import type { Permission } from "@/lib/access/permissions"
import { createApiKey } from "@/lib/operations/api-keys/create"
import { revokeApiKey } from "@/lib/operations/api-keys/revoke"
import { execute } from "@/lib/operations/core/execute"
import type { Caller } from "@/lib/operations/core/operation"
import { job } from "@/lib/operations/fixtures/access"
import { eventsOf, home, makeRole, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { archiveApp, restoreApp } from "./archive"
import { createApp } from "./create"
import { listApps } from "./list"

setUpHome(beforeEach)

beforeEach(async () => {
  await execute(createApp, job(home), { slug: "billing", name: "Billing" })
})

const make = (name: string, scopes: readonly Permission[], expiresAt: string | null = null) =>
  execute(createApiKey, job(home), { app: "billing", name, scopes, expiresAt })
const archive = () => execute(archiveApp, job(home), { app: "billing" })
const restore = (caller: Caller) => execute(restoreApp, caller, { app: "billing" })
const isArchived = async () =>
  (await execute(listApps, job(home), {})).some(
    ({ slug, archivedAt }) => slug === "billing" && archivedAt !== null,
  )

test("an app is not restored by somebody who could not make a key that would work again, and they are told which", async () => {
  await make("sender", ["LOG-INGESTION"])
  const reader = await make("reader", ["LOG-MANAGEMENT"])
  await archive()
  const keeper = await memberWith(["APP-MANAGEMENT", "LOG-INGESTION"])
  await expect(restore(keeper)).rejects.toMatchObject({
    code: "forbidden",
    message: [
      `With the app Billing, keys would work again that can do more than you: reader …${reader.lastFour}.`,
      "You cannot give LOG-MANAGEMENT: you do not hold it for every app.",
      "Revoke these keys first, or leave it to somebody who could make them.",
    ].join(" "),
  })
  expect(await isArchived()).toBe(true)
  expect((await eventsOf("application.restore")).map(({ status }) => status)).toEqual(["denied"])
  await execute(revokeApiKey, keeper, { id: reader.id })
  await restore(keeper)
  expect(await isArchived()).toBe(false)
})

test("an app is restored by somebody who holds what its keys may do, for every app and not for some", async () => {
  await make("reader", ["LOG-MANAGEMENT"])
  await archive()
  const [app] = (await execute(listApps, job(home), {})).filter(({ slug }) => slug === "billing")
  await makeRole("Keeper", ["APP-MANAGEMENT"])
  await makeRole("Billing reader", ["LOG-MANAGEMENT"], [app?.id ?? ""])
  expect(await codeOf(restore(await memberAs(["Keeper", "Billing reader"])))).toBe("forbidden")
  expect(await codeOf(restore(await memberWith(["APP-MANAGEMENT", "LOG-MANAGEMENT"])))).toBe("accepted")
})

test("keys that stay refused, because they were revoked or have expired, keep nobody from restoring their app", async () => {
  const revoked = await make("revoked", ["LOG-MANAGEMENT"])
  await execute(revokeApiKey, job(home), { id: revoked.id })
  await make("expired", ["LOG-MANAGEMENT"], new Date(Date.now() + 60_000).toISOString())
  await archive()
  const keeper = await memberWith(["APP-MANAGEMENT"])
  const later = { ...keeper, at: new Date(keeper.at.getTime() + 61_000) }
  expect([await codeOf(restore(keeper)), await codeOf(restore(later))]).toEqual(["forbidden", "accepted"])
})
