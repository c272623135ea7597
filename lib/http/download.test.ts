import { expect, test } from "vitest"
import { bytesOf } from "./download"

test.each([
  "",
  "plain,ASCII\r\n",
  "\0\x7f",
  "\x80",
  "\xff and é",
  "\ufeffWhen,Who",
  "語 😀 \ud800",
  `${"a".repeat(100_000)}ü`,
])("a chunk of a file is its text in UTF-8: %j", text => {
  expect(Buffer.from(bytesOf(text))).toEqual(Buffer.from(new TextEncoder().encode(text)))
})
