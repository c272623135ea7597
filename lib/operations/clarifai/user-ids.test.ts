import { randomUUID } from "node:crypto"
import { beforeAll, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import { job, makeOrganization } from "@/lib/operations/fixtures/access"
import { eventsOf, home, memberAs, memberWith, setUpHome } from "@/lib/operations/fixtures/home"
import { db } from "@/test/platform"
import { createClarifaiUserId, deleteClarifaiUserId, listClarifaiUserIds } from "./user-ids"

setUpHome(beforeAll)

const fresh = () => `alfrick-${randomUUID().slice(0, 8)}`
const isFault = (message: RegExp) => ({
  code: "invalid",
  faults: [{ pointer: "/value", message: expect.stringMatching(message) }],
})

test("a user id is added, listed with who added it, and removed; each leaves an event of the organization", async () => {
  const administrator = await memberAs(["Organization Administrator"])
  const value = fresh()
  await execute(createClarifaiUserId, administrator, { value: ` ${value} ` })
  const listed = await execute(listClarifaiUserIds, administrator, {})
  expect(listed).toMatchObject([{ value, createdBy: "Ada Lovelace" }])
  await execute(deleteClarifaiUserId, administrator, { value })
  expect(await execute(listClarifaiUserIds, administrator, {})).toEqual([])
  const targets = [{ type: "organization", id: home.id, name: home.name }]
  const path = "/clarifaiUserIds"
  expect(await eventsOf("clarifai_user_id.create")).toMatchObject([
    { status: "success", targets, changes: [{ path, before: null, after: value }] },
  ])
  expect(await eventsOf("clarifai_user_id.delete")).toMatchObject([
    { status: "success", targets, changes: [{ path, before: value, after: null }] },
  ])
})

test("a user id is unique in the installation, and other organizations neither see nor remove it", async () => {
  const other = job(await makeOrganization())
  const value = fresh()
  await execute(createClarifaiUserId, job(home), { value })
  const again = isFault(/belongs to an organization of this installation already/)
  await expect(execute(createClarifaiUserId, other, { value })).rejects.toMatchObject(again)
  await expect(execute(createClarifaiUserId, job(home), { value })).rejects.toMatchObject(again)
  expect(await execute(listClarifaiUserIds, other, {})).toEqual([])
  await expect(execute(deleteClarifaiUserId, other, { value })).rejects.toMatchObject({ code: "not-found" })
  expect(await execute(listClarifaiUserIds, job(home), {})).toMatchObject([{ value }])
})

test("two that add one at once: one has it, the other is told", async () => {
  const value = fresh()
  const callers = [job(home), job(await makeOrganization())]
  const ends = await Promise.allSettled(
    callers.map(caller => execute(createClarifaiUserId, caller, { value })),
  )
  expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  expect(ends.find(end => end.status === "rejected")?.reason).toMatchObject({ code: "invalid" })
})

test("what means something else already, or cannot stand in a path, is refused beside the field", async () => {
  const other = await makeOrganization()
  for (const value of ["me", home.slug, home.id, other.slug, other.id]) {
    await expect(execute(createClarifaiUserId, job(home), { value })).rejects.toMatchObject(isFault(/call/))
  }
  for (const value of ["", "..", ".", "a/b", "a b", "ä", "a\0", "x".repeat(101), "%2e", "a?b"]) {
    await expect(execute(createClarifaiUserId, job(home), { value })).rejects.toMatchObject({
      code: "invalid",
    })
  }
  const most = `${"x".repeat(90)}${randomUUID().slice(0, 8)}-9`
  await execute(createClarifaiUserId, job(home), { value: most })
})

test("an organization has at most fifty", async () => {
  const full = job(await makeOrganization())
  for (let number = 0; number < 50; number += 1) await execute(createClarifaiUserId, full, { value: fresh() })
  await expect(execute(createClarifaiUserId, full, { value: fresh() })).rejects.toMatchObject({
    code: "conflict",
  })
})

test("only who manages the organization may see and change them", async () => {
  const somebody = await memberWith(["LOG-MANAGEMENT", "APP-MANAGEMENT"])
  for (const call of [
    () => execute(listClarifaiUserIds, somebody, {}),
    () => execute(createClarifaiUserId, somebody, { value: fresh() }),
    () => execute(deleteClarifaiUserId, somebody, { value: fresh() }),
  ]) {
    await expect(call()).rejects.toMatchObject({ code: "forbidden" })
  }
})

test("the database holds to it too: a row of another organization cannot be written or read", async () => {
  const [own, other] = [home, await makeOrganization()]
  const value = fresh()
  await execute(createClarifaiUserId, job(own), { value })
  const within = (text: string, values: readonly unknown[]) =>
    db.database.withOrganization(other.id, tx => tx.query(text, values))
  expect(await within("SELECT * FROM clarifai_user_id WHERE value = $1", [value])).toEqual([])
  await expect(
    within("INSERT INTO clarifai_user_id (value, organization_id, created_by) VALUES ($1, $2, 'x')", [
      fresh(),
      own.id,
    ]),
  ).rejects.toMatchObject({ message: expect.anything() })
  await expect(
    within("INSERT INTO clarifai_user_id (value, organization_id, created_by) VALUES ('a/b', $1, 'x')", [
      other.id,
    ]),
  ).rejects.toMatchObject({ message: expect.anything() })
})
