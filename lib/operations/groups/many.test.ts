import { expect, test } from "vitest"
import type { AuditEvent } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import { execute } from "@/lib/operations/core/execute"
import { eventsOf } from "@/lib/operations/fixtures/home"
import { addGroupApps } from "./apps"
import { deleteGroup } from "./delete"
import { administrator, claim, crowd, edit, make, makeApp, seen, setUpAdministrator } from "./fixtures/groups"
import { addGroupMembers, removeGroupMembers } from "./members"

setUpAdministrator()

/** Returns the ids that the events name besides the group, in targets and in changes. */
const named = (events: readonly AuditEvent[]) => ({
  targets: events.flatMap(({ targets }) => targets.slice(1).map(({ id }) => id)),
  changes: events.flatMap(({ changes }) => changes.map(({ path }) => path.replace("/members/", ""))),
})

test("more members than one event can name are added and removed at once, and events name every one of them", async () => {
  const [id, personIds] = [await make("Everybody"), await crowd(45)]
  await execute(addGroupMembers, administrator, { id, personIds: personIds.slice(0, 2) })
  const { changed } = await execute(addGroupMembers, administrator, { id, personIds: [...personIds] })
  expect(changed).toHaveLength(43)
  const [, ...added] = await eventsOf("organization_team_member.add")
  expect(added.map(({ description }) => description)).toEqual([
    "19 members were added to the group Everybody.",
    "19 members were added to the group Everybody.",
    "5 members were added to the group Everybody.",
  ])
  expect(named(added)).toEqual({ targets: personIds.slice(2), changes: personIds.slice(2) })
  expect(added.map(({ details }) => details[0])).toEqual(
    [1, 2, 3].map(part => `Event ${part} of 3: 43 members were added at once.`),
  )
  expect(added.map(({ details }) => details.length)).toEqual([1, 1, 2])
  expect(new Set(added.map(({ requestId, actor }) => `${requestId} ${actor.id}`)).size).toBe(1)
  await execute(removeGroupMembers, administrator, { id, personIds: [...personIds] })
  const removed = await eventsOf("organization_team_member.remove")
  expect(named(removed)).toEqual({ targets: personIds, changes: personIds })
  expect((await seen(id)).members).toEqual([])
})

test("many apps are named by several events too", async () => {
  const id = await make()
  const appIds: string[] = []
  while (appIds.length < 20) appIds.push(await makeApp())
  await execute(addGroupApps, administrator, { id, appIds })
  const events = await eventsOf("organization_team_app.add")
  expect(events.map(({ targets }) => targets.length)).toEqual([20, 2])
})

test("many who were in a group already are named first, and counted", async () => {
  const [id, personIds] = [await make(), [...(await crowd(40))]]
  await execute(addGroupMembers, administrator, { id, personIds })
  await execute(addGroupMembers, administrator, { id, personIds })
  const events = await eventsOf("organization_team_member.add")
  const [last] = events.slice(-1)
  expect(last?.changes).toEqual([])
  expect(last?.details).toEqual([expect.stringMatching(/ and 25 more were in it already\.$/)])
})

test("a group of a thousand is deleted by an event that names the first and says how many more", async () => {
  const [id, personIds] = [await make(), await crowd(1_000)]
  await claim(id, personIds)
  await execute(deleteGroup, administrator, { id })
  const [event] = await eventsOf("organization_team.delete")
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(eventLimits.eventBytes)
  expect(event?.changes[0]?.before).toMatchObject({ members: { length: 200 } })
  expect(event?.details).toEqual(["It had 1,000 members; the first 200 by name are named."])
})

test("a claim value that put many in is changed by an event that names the first and says how many more", async () => {
  const [id, personIds] = [await make("Engineers"), await crowd(100)]
  await claim(id, personIds)
  await edit(id, { name: "Engineers" }, { name: "Makers", claimValue: "makers" })
  const [event] = await eventsOf("organization_team.update")
  expect(event?.changes).toHaveLength(eventLimits.changeCount)
  expect(event?.changes.slice(0, 2).map(({ path }) => path)).toEqual(["/name", "/claimValue"])
  expect(event?.details).toEqual([
    expect.stringMatching(/^Left, because the earlier claim value had put them in: .+ and 85 more\.$/),
    "Of the 100 who left, the first 62 by name are named in the changes.",
  ])
})
