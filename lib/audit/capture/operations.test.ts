import { expect, test } from "vitest"
import { createOperationNames, operationOf } from "./operations"
import { call, everything, recorded } from "./testing/calls"

test("one process makes 500 different operations, and names every further one http.call", () => {
  const operations = createOperationNames()
  const named = (line: string, status = 200) =>
    recorded("generic", call(line, { status }), everything, { operations }).operation
  const words = Array.from(
    { length: 600 },
    (_, at) => `w${String.fromCharCode(97 + (at % 26), 97 + (Math.floor(at / 26) % 26))}`,
  )
  const names = words.map(word => named(`GET /${word}`))
  expect(new Set(names.slice(0, 500)).size).toBe(500)
  expect(new Set(names.slice(500))).toEqual(new Set(["http.call"]))
  // A name that is known stays.
  expect(named(`GET /${words[0]}`)).toBe(names[0])
})

test("paths that were refused or not found cannot use up the names of those that are", () => {
  const operations = createOperationNames(10)
  const named = (word: string, isAnswered: boolean) => operations.bounded(`${word}.read`, isAnswered)
  const scanned = ["a", "b", "c", "d", "e", "f", "g"].map(word => named(word, false))
  expect(scanned.filter(name => name === "http.call")).toHaveLength(2)
  expect(["k", "l", "m", "n", "o", "p"].map(word => named(word, true))).toEqual([
    "k.read",
    "l.read",
    "m.read",
    "n.read",
    "o.read",
    "http.call",
  ])
})

test("words of any spelling are an operation that an event can have, or http.call", () => {
  expect(
    ["listUsers", "list-users", "a b", "__x__", "Ärger", "..", "x.y"].map(word =>
      operationOf([word, "read"]),
    ),
  ).toEqual([
    "list_users.read",
    "list-users.read",
    "a_b.read",
    "x.read",
    "rger.read",
    "http.call",
    "x.y.read",
  ])
  expect(operationOf(["x".repeat(200), "read"])).toBe("http.call")
})
