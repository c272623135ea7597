import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { MemberField } from "./member-field"

const person = (personId: string, name: string) => ({
  ...{ personId, name },
  email: `${personId}@acme.example`,
  status: "active",
})
const members = [person("ada", "Ada"), person("ben", "Ben")]
const find = async () => ({ ok: true, value: { members } }) as const

const shown = (isCut: boolean, taken: readonly string[]) =>
  renderToStaticMarkup(<MemberField people={{ members, isCut, find }} taken={taken} />)

test("of very many members whoever is not listed can be searched for", () => {
  expect(shown(true, [])).toContain("Search all members")
  expect(shown(false, [])).not.toContain("Search all members")
})

test("who is a collaborator already is not offered", () => {
  expect(shown(true, ["ada"])).not.toContain("ada@acme.example")
  expect(shown(true, ["ada"])).toContain("ben@acme.example")
})

test("every member is said to be a collaborator only when all of them were looked at", () => {
  expect(shown(false, ["ada", "ben"])).toContain("Every member is a collaborator already.")
  expect(shown(true, ["ada", "ben"])).toContain("Nobody else is called that.")
})
