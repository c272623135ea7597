import { expect, test } from "vitest"
import type { JsonValue } from "@/lib/audit/json/value"
import { partialJson } from "./partial-json"

test("the beginning of a JSON text says what is whole in it", () => {
  const cut = (text: string) => partialJson(text)
  expect(cut('{"meta":{"id":"a","code":200,"msg":"O')).toEqual({ meta: { id: "a", code: 200 } })
  expect(cut('{"a":1,"b":12')).toEqual({ a: 1 })
  expect(cut('{"a":[{"id":1},{"id":2},{"i')).toEqual({ a: [{ id: 1 }, { id: 2 }, {}] })
  expect(cut('{"a":true,"b":nul')).toEqual({ a: true })
  expect(cut('{"a":"x\\')).toEqual({})
  expect(cut('{"a":1 "b":2}')).toEqual({ a: 1 })
  expect(cut("nothing")).toBeUndefined()
  expect(cut("")).toBeUndefined()
})

test("every beginning of a text is read, and the whole text as JSON reads it", () => {
  const value: JsonValue = {
    a: [1, -2.5e3, 'x"\u20ac\\', null, [], {}],
    b: { c: [true, false, [[{}]]] },
    "": "end",
  }
  const text = JSON.stringify(value, null, 1)
  expect(partialJson(text)).toEqual(value)
  for (let end = 0; end < text.length; end += 1) expect(() => partialJson(text.slice(0, end))).not.toThrow()
  expect(() => partialJson("[".repeat(100_000))).not.toThrow()
})
