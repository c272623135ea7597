import { expect, test } from "vitest"
import { type SearchedContent, searchText, targetKeys } from "./search-text"

const content: SearchedContent = {
  operation: "workflow_version.create",
  description: "Workflow versions created",
  actor: {
    type: "staff",
    id: "S-9",
    name: "Grace HOPPER",
    email: "Grace@acme.example",
    onBehalfOf: { type: "user", id: "P-1", name: "Ada" },
  },
  targets: [
    { type: "workflow", id: "W-1", name: "Détection" },
    { type: "app", id: "testapp1" },
  ],
  requestId: "Req-7",
  source: { ip: null, ipText: "ECS.amazonaws.com", userAgent: "curl" },
}

test("holds names and ids of everybody and everything, the request and the origin, in lower case", () => {
  expect(searchText(content).split("\n")).toEqual([
    "workflow versions created",
    "workflow_version.create",
    "grace hopper",
    "grace@acme.example",
    "s-9",
    "ada",
    "p-1",
    "ecs.amazonaws.com",
    "req-7",
    "détection",
    "w-1",
    "testapp1",
  ])
})

test("says nothing twice and has no empty lines", () => {
  const { source: _, requestId: __, ...rest } = content
  const text = searchText({ ...rest, actor: { type: "user", id: "a", name: "", email: "a" }, targets: [] })
  expect(text).toBe("workflow versions created\nworkflow_version.create\na")
})

test("is at most 1,000 characters, and never ends in half of a surrogate pair", () => {
  for (const filler of ["", "x"]) {
    const text = searchText({ ...content, description: filler + "😀".repeat(1000) })
    expect(text.length).toBeGreaterThanOrEqual(999)
    expect(text.length).toBeLessThanOrEqual(1000)
    expect(text.isWellFormed()).toBe(true)
  }
  // Lower case can be longer than the text it is made of.
  expect(searchText({ ...content, description: "İ".repeat(1000) })).toHaveLength(1000)
})

test("target keys find a target by its id, and by its type and id", () => {
  const targets = [...content.targets, { type: "role", id: "W-1" }]
  expect(targetKeys(targets)).toEqual(["W-1", "workflow:W-1", "testapp1", "app:testapp1", "role:W-1"])
})
