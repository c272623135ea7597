import { beforeEach, expect, test } from "vitest"
import { execute } from "@/lib/operations/core/execute"
import { job } from "@/lib/operations/fixtures/access"
import { home, setUpHome } from "@/lib/operations/fixtures/home"
import { crowd } from "@/lib/operations/groups/fixtures/groups"
import { listMemberChoices, listMemberChoicesForApp, mostMembers } from "./member-choices"

setUpHome(beforeEach)

test.each([
  ["a group", listMemberChoices],
  ["an app", listMemberChoicesForApp],
])("whoever is beyond the first thousand is found for %s by a search", async (_, list) => {
  const last = (await crowd(mostMembers + 1)).at(-1)
  const first = await execute(list, job(home), {})
  expect(first).toMatchObject({ isCut: true, members: { length: mostMembers } })
  expect(first.members.map(({ personId }) => personId)).not.toContain(last)
  const { members, isCut } = await execute(list, job(home), { search: `${last}@ACME` })
  expect(members.map(({ personId }) => personId)).toEqual([last])
  expect(isCut).toBe(false)
})
