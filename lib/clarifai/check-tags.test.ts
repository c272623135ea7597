import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { checkTags } from "./check-tags"
import { targetTypes } from "./target-types"

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
const tag = (number: number, wireType: number) => varint(number * 8 + wireType)
/** A field whose bytes have a length. */
const long = (number: number, ...bytes: readonly number[]) => [
  ...tag(number, 2),
  ...varint(bytes.length),
  ...bytes,
]
const query = (...bytes: readonly number[]) => long(2, ...bytes)
const text = (number: number, content: string) => long(number, ...Buffer.from(content))

/** The faults of the bytes, or the code of the error that has none. */
function faultsOf(bytes: readonly number[]): readonly string[] {
  try {
    checkTags(Uint8Array.from(bytes))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code !== "invalid") return [error.code]
    return error.faults.map(({ pointer, message }) => `${pointer}: ${message}`)
  }
  return []
}

const unknown = (number: number, wireType = 2) =>
  `has the field ${number} (wire type ${wireType}), which is not known here`

describe("the fields of a request", () => {
  test("that the protocol has are let through", () => {
    const targets = targetTypes.flatMap(({ field }) =>
      long(5, ...long(field, ...text(1, "x"), ...text(99, "y"))),
    )
    const everything = query(
      ...[...long(1), ...long(2, ...tag(1, 0), ...varint(2 ** 40)), ...text(3, "ada"), ...text(3, "bob")],
      ...[...long(4, 1, 2), ...tag(4, 0), ...varint(4711), ...targets, ...long(6), ...text(7, "127.0.0.1")],
    )
    expect(faultsOf([])).toEqual([])
    expect(faultsOf([...long(1, ...text(1, "me")), ...everything, ...tag(3, 0), 1, ...long(5)])).toEqual([])
  })

  test("that are no filter are let through, known or not", () => {
    const unknownFields = [
      ...text(4, "x"),
      ...tag(77, 0),
      1,
      ...tag(78, 1),
      ...Array(8).fill(0),
      ...tag(79, 5),
      0,
      0,
      0,
      0,
    ]
    expect(faultsOf(unknownFields)).toEqual([])
  })

  test("that would narrow the search of a newer client are refused, not dropped", () => {
    expect(faultsOf(query(...text(8, "x")))).toEqual([`/query: ${unknown(8)}`])
    expect(faultsOf(query(...tag(536_870_911, 0), 1))).toEqual([`/query: ${unknown(536_870_911, 0)}`])
    const targets = [
      ...long(5, ...long(4)),
      ...long(5, ...long(14)),
      ...long(5, ...long(9), ...tag(15, 0), 1),
    ]
    expect(faultsOf(query(...targets))).toEqual([
      `/query/targets/1: ${unknown(14)}`,
      `/query/targets/2: ${unknown(15, 0)}`,
    ])
  })

  test("that are written in another way than a decoder expects are refused", () => {
    expect(faultsOf(query(...tag(1, 0), 1, ...tag(6, 0), 1, ...tag(3, 5), 0, 0, 0, 0))).toEqual([
      `/query: ${unknown(1, 0)}`,
      `/query: ${unknown(6, 0)}`,
      `/query: ${unknown(3, 5)}`,
    ])
    expect(faultsOf([...tag(2, 0), 1])).toEqual([`: ${unknown(2, 0)}`])
    expect(faultsOf([...query(), ...query(...text(3, "ada"))])).toEqual(["/query: was sent more than once"])
  })

  test.each<readonly [string, readonly number[]]>([
    ["a tag that does not end", [0x80]],
    ["a length beyond the end", [0x12, 5, 1]],
    ["a length of 2^64", [0x12, ...Array(9).fill(0xff), 0x01]],
    ["a number that does not end", [0x18, ...Array(11).fill(0xff)]],
    ["the field 0", [0x02, 0]],
    ["a tag beyond 32 bits", [...Array(9).fill(0xff), 0x01]],
    ["a group", [...tag(9, 3), ...tag(9, 4)]],
    ["a wire type that there is not", tag(9, 6)],
    ["eight bytes that are cut off", [...tag(9, 1), 0, 0]],
    ["a query that is cut off inside", query(0x1a, 5)],
  ])("of which there are none: %s", (_, bytes) => {
    expect(faultsOf(bytes)).toEqual(["malformed"])
  })
})
