import { expect, test } from "vitest"
import { Scanner } from "./scanner"
import { containerEnd, skipSpace, stringEnd, valueEnd } from "./skip"

const values = [
  ...[
    '""',
    '"a"',
    '"\\""',
    '"\\\\"',
    '"\\\\\\""',
    '"]}{["',
    '"é😀\\u0022"',
    "0",
    "-1.5e+10",
    "true",
    "null",
    "[]",
    "{}",
  ],
  ...["[[],[[]]]", '{"}":"{","]":["["]}', '[{"a":[{"b":"\\\\"}]},"\\"]"]', "[ 1 , 2 ]", '{ "a" : { } }'],
]

test.each(values)("the end of %s is where the scanner finds it", value => {
  for (const behind of ["]", " ]", ",1]", "\n,[]]"]) {
    const text = `[\t${value}${behind}`
    const spans: (readonly [number, number])[] = []
    const scanner = new Scanner(text, {
      fault: () => undefined,
      element: (start, end) => spans.push([start, end]),
    })
    scanner.advance(Number.POSITIVE_INFINITY)
    const start = skipSpace(text, 1)
    expect([start, valueEnd(text, start)]).toEqual(spans[0])
  }
})

test("a value that breaks off has no end", () => {
  for (const value of values) {
    for (let length = 1; length < value.length; length++) {
      const torn = value.slice(0, length)
      if (/^["[{]/.test(torn)) expect([torn, valueEnd(torn, 0)]).toEqual([torn, -1])
    }
  }
  expect([stringEnd('"', 0), stringEnd('"\\"', 0), containerEnd('{"a', 0)]).toEqual([-1, -1, -1])
})
