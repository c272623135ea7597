import { expect, test } from "vitest"
import { queryFrom, queryWords } from "./query-text"

const now = new Date("2026-11-30T09:30:00.000Z")

test.each([
  ["", ""],
  ["   ", ""],
  ["status=denied", "status=denied"],
  ["?status=denied&-actor=ada", "status=denied&-actor=ada"],
  ["https://audit.example.com/acme/admin/audit-logs", ""],
  ["/acme/admin/audit-logs", ""],
  [
    "https://audit.example.com/acme/admin/audit-logs?window=7d&zone=Europe%2FBerlin&status=denied&order=oldest&event=1#top",
    "status=denied",
  ],
  ["from=2026-01-01&to=2026-02-01&text=invoice", "text=invoice"],
  ["status=denied&utm_source=mail", "status=denied"],
  ["colour=red", "colour=red"],
])("the query of a sink pasted as %j is %j", (pasted, query) => {
  expect(queryFrom(pasted)).toBe(query)
})

test("a query is said in words, and one that cannot be read is not taken for every event", () => {
  expect(queryWords("", now)).toEqual([])
  expect(queryWords("status=denied&-operation=door.*&text=hall", now)).toEqual([
    "Operation is not door.*",
    "Status is denied",
    "Text contains “hall”",
  ])
  expect(queryWords("colour=red", now)).toBeNull()
})
