import { expect, test } from "vitest"
import { expiryOf, networksOf, utcMinute } from "./key-input"

const now = new Date("2026-12-31T23:59:00.000Z")

function data(values: Readonly<Record<string, string>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, value)
  return form
}

test.each([
  [{ expiresAt: "keep" }, undefined],
  [{ expiresAt: "never" }, null],
  [{ expiresAt: "30" }, "2027-01-30"],
  [{ expiresAt: "day", expiresOn: "2027-02-03" }, "2027-02-03"],
  [{ expiresAt: "day", expiresOn: "" }, ""],
])("the choice %j ends the key at %j", (values, end) => {
  expect(expiryOf(data(values), now)).toBe(end)
})

test("addresses are read from lines, commas and blanks alike, and nothing means every address", () => {
  const typed = " 192.0.2.0/24,198.51.100.7\n\n2001:db8::/32 ;203.0.113.9\r\n"
  expect(networksOf(data({ allowedNetworks: typed }))).toEqual([
    "192.0.2.0/24",
    "198.51.100.7",
    "2001:db8::/32",
    "203.0.113.9",
  ])
  expect(networksOf(data({ allowedNetworks: " \n" }))).toEqual([])
})

test("the end of a key is told to the minute, in UTC", () => {
  expect(utcMinute("2027-01-31T09:08:07.000Z")).toBe("2027-01-31 09:08 UTC")
})
