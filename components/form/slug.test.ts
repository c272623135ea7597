import { describe, expect, test } from "vitest"
import { organizationSlugInput, reservedSlugs, slugInput } from "@/lib/operations/organizations/create"
import { slugOf } from "./slug"

const app = { prefix: "app", reserved: [] }
const organization = { prefix: "org", reserved: [...reservedSlugs] }

test.each([
  ["Door Control", "door-control"],
  ["  Über-Café №5  ", "uber-cafe-no5"],
  ["Groß & Söhne", "gross-sohne"],
  ["STRAẞE", "strasse"],
  ["Ærø Łódź Þór", "aero-lodz-thor"],
  ["--", ""],
  ["株式会社", ""],
  ["Acme Robotics International Holding Company", "acme-robotics-international-holding-comp"],
  [`${"a".repeat(39)} b`, "a".repeat(39)],
  ["3M", "app-3m"],
  ["X", "app-x"],
  [`3${"a".repeat(60)}`, `app-3${"a".repeat(35)}`],
])("the slug proposed for %j is %j", (name, expected) => {
  expect(slugOf(name, app)).toBe(expected)
})

describe("what is proposed is what the server accepts", () => {
  const names = [
    "Acme Robotics International Holding Company",
    "3M",
    "7",
    "X",
    "Docs",
    "1&1",
    "Ærø – 2",
    "ß2",
  ]
  const cutAnywhere = Array.from({ length: 45 }, (_, length) => `${"a".repeat(length + 1)} 9 b`)

  test.each([...names, ...cutAnywhere])("for an app called %j", name => {
    expect(slugInput.safeParse(slugOf(name, app))).toMatchObject({ success: true })
  })

  test.each([...names, ...cutAnywhere, ...reservedSlugs])("for an organization called %j", name => {
    expect(organizationSlugInput.safeParse(slugOf(name, organization))).toMatchObject({ success: true })
  })
})
