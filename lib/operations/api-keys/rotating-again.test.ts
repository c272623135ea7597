import { beforeEach, expect, test } from "vitest"
import { createApp } from "@/lib/operations/apps/create"
import { execute } from "@/lib/operations/core/execute"
import { job } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { codeOf } from "@/lib/operations/fixtures/refusals"
import { createApiKey } from "./create"
import { listApiKeys } from "./list"
import { revokeApiKey } from "./revoke"
import { rotateApiKey } from "./rotate"

setUpHome(beforeEach)

const hourMs = 60 * 60 * 1000
let oldId: string
beforeEach(async () => {
  await execute(createApp, job(home), { slug: "billing", name: "Billing" })
  const input = { app: "billing", name: "server", scopes: ["LOG-INGESTION"], expiresAt: null }
  oldId = (await execute(createApiKey, job(home), input)).id
})

interface Rotation {
  /** When the rotation happens, from now. */
  readonly inHours?: number
  /** When the new key expires, from now. */
  readonly endsInHours?: number
}

const inHours = (hours: number) => new Date(Date.now() + hours * hourMs)
const rotate = (id: string, { inHours: hours = 0, endsInHours }: Rotation = {}) =>
  execute(
    rotateApiKey,
    { ...job(home), at: inHours(hours) },
    {
      ...{ id, overlapHours: 100 },
      expiresAt: endsInHours === undefined ? null : inHours(endsInHours).toISOString(),
    },
  )

test("a rotation twice at once gives one new key", async () => {
  const codes = await Promise.all([codeOf(rotate(oldId)), codeOf(rotate(oldId))])
  expect(codes.sort()).toEqual(["accepted", "conflict"])
})

test("a rotation is refused while a newer key works, and tells which to rotate", async () => {
  const { lastFour } = await rotate(oldId)
  await expect(rotate(oldId)).rejects.toMatchObject({
    code: "conflict",
    message: `The key server was rotated already: rotate the newer one, …${lastFour}.`,
  })
})

test("a rotation can be done again when the new key was revoked, as when it was lost", async () => {
  const lost = await rotate(oldId)
  await execute(revokeApiKey, job(home), { id: lost.id })
  expect(await codeOf(rotate(oldId))).toBe("accepted")
})

test("a rotation can be done again when the new key has expired while the old one still works", async () => {
  const short = await rotate(oldId, { endsInHours: 2 })
  expect(await codeOf(rotate(oldId, { inHours: 1 }))).toBe("conflict")
  expect(await codeOf(rotate(short.id, { inHours: 3 }))).toBe("conflict")
  const shown = async (hours: number) =>
    (await execute(listApiKeys, { ...job(home), at: inHours(hours) }, {})).find(({ id }) => id === oldId)
  expect(await shown(1)).toMatchObject({ state: "active", replacedBy: { lastFour: short.lastFour } })
  expect(await shown(3)).toMatchObject({ state: "active", replacedBy: null })
  expect(await codeOf(rotate(oldId, { inHours: 3 }))).toBe("accepted")
})

test("a rotation is refused while a key works that took the place of the new one, however that one ended", async () => {
  const second = await rotate(oldId)
  const third = await rotate(second.id)
  await execute(revokeApiKey, job(home), { id: second.id })
  await expect(rotate(oldId)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining(`…${third.lastFour}`),
  })
})
