import { describe, expect, it } from "vitest"
import type { JsonValue } from "@/lib/audit/json/value"
import { differencesOf } from "./difference"

const differences = (before: JsonValue, after: JsonValue, path = "policy") =>
  differencesOf([{ path, before, after }])

describe("only what changed is shown", () => {
  it("a plain value as it was and as it is", () => {
    expect(differences("reader", "admin")).toEqual([{ path: "policy", before: "reader", after: "admin" }])
    expect(differences("same", "same")).toEqual([])
  })

  it("members of objects one by one, those that stayed the same left out", () => {
    const before = { name: "Store", limits: { daily: 10, hourly: 1 }, tags: { b: [1], a: 2 } }
    const after = { limits: { hourly: 1, daily: 20 }, name: "Store", tags: { a: 2, b: [1] } }
    expect(differences(before, after)).toEqual([{ path: "policy.limits.daily", before: 10, after: 20 }])
  })

  it("added and removed elements of a list, not the whole list twice", () => {
    expect(differences(["read", "write", "write"], ["read", "write", "delete"], "scopes")).toEqual([
      { path: "scopes", before: "write", after: undefined },
      { path: "scopes", before: undefined, after: "delete" },
    ])
  })

  it("a list of objects by place", () => {
    expect(differences([{ id: 1, on: true }, { id: 2 }], [{ id: 1, on: false }])).toEqual([
      { path: "policy.0.on", before: true, after: false },
      { path: "policy.1.id", before: 2, after: undefined },
    ])
  })

  it("the new order of the same elements is a change", () => {
    expect(differences([1, 2], [2, 1])).toEqual([{ path: "policy", before: [1, 2], after: [2, 1] }])
  })
})

describe("what came and what went", () => {
  it("something created lists its members, each without a before", () => {
    expect(differences(null, { slug: "store", name: "Store" }, "")).toEqual([
      { path: "slug", before: undefined, after: "store" },
      { path: "name", before: undefined, after: "Store" },
    ])
  })

  it("something deleted lists its members, each without an after", () => {
    expect(differences({ slug: "store" }, null, "")).toEqual([
      { path: "slug", before: "store", after: undefined },
    ])
  })

  it("an empty object that appears is not lost", () => {
    expect(differences(null, {})).toHaveLength(1)
    expect(differences({ a: null }, { b: null })).toEqual([
      { path: "policy.a", before: null, after: undefined },
      { path: "policy.b", before: undefined, after: null },
    ])
  })

  it("a value that becomes an object is shown whole", () => {
    expect(differences("x", { a: 1 })).toEqual([{ path: "policy", before: "x", after: { a: 1 } }])
  })
})

it("a hostile depth or breadth is shown whole instead of place by place", () => {
  const deep = (bottom: JsonValue) => {
    let value = bottom
    for (let level = 0; level < 40; level++) value = { a: value }
    return value
  }
  expect(differences(deep(1), deep(2))).toHaveLength(1)
  const wide = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`k${index}`, index]))
  expect(differences({}, wide)).toEqual([{ path: "policy", before: {}, after: wide }])
})

it("a pointer is shown as a path that people read", () => {
  expect(differences(1, 2, "/limits/per~1day")[0]?.path).toBe("limits.per/day")
  expect(differences({ a: 1 }, { a: 2 }, "/limits")[0]?.path).toBe("limits.a")
  expect(differences(1, 2, "spec.replicas")[0]?.path).toBe("spec.replicas")
})

it("keys that name the language's own members are keys like any other", () => {
  const before = JSON.parse('{"__proto__": 1, "constructor": 2}') as JsonValue
  expect(differences(before, {})).toEqual([
    { path: "policy.__proto__", before: 1, after: undefined },
    { path: "policy.constructor", before: 2, after: undefined },
  ])
})
