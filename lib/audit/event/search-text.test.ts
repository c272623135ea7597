import { describe, expect, it } from "vitest"
import { foldText } from "@/lib/audit/fold"
import { describeOperation } from "./catalogue"
import type { Target } from "./event"
import { eventLimits } from "./limits"
import {
  cutParts,
  type SearchedContent,
  searchedParts,
  searchShares,
  searchText,
  searchTextMark,
  targetKeys,
} from "./search-text"

const content: SearchedContent = {
  operation: "workflow_version.create",
  description: "Made the third version",
  status: "denied",
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

/** Returns a text of that length with a unique word at its end. */
const ending = (word: string, length: number) => `${"x".repeat(length - word.length)}${word}`

describe("the search text", () => {
  it("holds names and ids of everybody and everything, the request and the origin, and the description last", () => {
    expect(searchText(content).split("\n")).toEqual([
      searchTextMark,
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
      "made the third version",
    ])
  })

  it("says nothing twice and has no empty lines", () => {
    const { source: _, requestId: __, ...rest } = content
    const text = searchText({ ...rest, actor: { type: "user", id: "a", name: "", email: "a" }, targets: [] })
    expect(text).toBe("B\nworkflow_version.create\na\nmade the third version")
  })

  it("holds every name and id whole however long all of them are, behind the longest description", () => {
    const { nameLength, idLength, sourceLength, operationLength, descriptionLength } = eventLimits
    const person = (word: string) => ({
      type: "user" as const,
      name: ending(`${word}name`, nameLength),
      email: ending(`${word}mail`, nameLength),
      id: ending(`${word}id`, idLength),
    })
    const longest: SearchedContent = {
      status: "success",
      operation: ending("operation", operationLength),
      description: "d".repeat(descriptionLength),
      actor: { ...person("actor"), onBehalfOf: person("other") },
      targets: [{ type: "t", id: ending("targetid", idLength), name: ending("targetname", nameLength) }],
      source: { ip: null, ipText: ending("source", sourceLength) },
      requestId: ending("request", idLength),
    }
    const text = searchText(longest)
    const words = ["operation", "actorname", "actormail", "actorid", "othername", "othermail", "otherid"]
    for (const word of [...words, "source", "request", "targetid", "targetname"]) expect(text).toContain(word)
    expect(text.endsWith(`\n${"d".repeat(searchShares.description)}`)).toBe(true)
    expect(cutParts(longest)).toEqual(["description"])
  })

  it("gives each of many targets a share, and what one leaves to those after it", () => {
    const targets = (count: number, length: number): readonly Target[] =>
      Array.from({ length: count }, (_, number) => ({
        type: "t",
        id: `id-${number}-${"i".repeat(length)}`,
        name: `name-${number}-${"n".repeat(length / 2)}`,
      }))
    const many = { ...content, targets: targets(eventLimits.targetCount, 500) }
    for (const number of many.targets.keys()) {
      expect(searchText(many)).toContain(`\nname-${number}-n`)
      expect(searchText(many)).toContain(`\nid-${number}-i`)
    }
    expect(cutParts(many)).toEqual(["targets"])
    const usual = { ...content, targets: [...targets(eventLimits.targetCount - 1, 10), ...targets(1, 500)] }
    expect(cutParts(usual)).toEqual([])
  })

  it("never takes from another part, whichever is longest", () => {
    const expanding = "\ufdfa".repeat(250)
    const hostile = {
      ...content,
      actor: { type: "user" as const, id: "needle-actor", name: expanding, email: expanding },
      targets: [{ type: "t", id: "needle-target", name: expanding }],
      description: expanding,
    }
    const text = searchText(hostile)
    for (const word of ["needle-actor", "needle-target", "req-7", "ecs.amazonaws.com"]) {
      expect(text).toContain(word)
    }
    const most = Object.values(searchShares).reduce((sum, share) => sum + share)
    expect(text.length).toBeLessThan(most + 60)
    expect(cutParts(hostile)).toEqual(["actor", "targets", "description"])
  })

  it("never ends in half of a surrogate pair", () => {
    for (const filler of ["", "x"]) {
      const text = searchText({ ...content, description: filler + "😀".repeat(1000) })
      expect(text.isWellFormed()).toBe(true)
    }
  })

  it("begins with a mark that no text of an earlier form begins with, and that nobody can search for", () => {
    const earlier = (text: string) => text.toLowerCase()
    for (let code = 1; code < 0x300; code += 1) {
      const character = String.fromCodePoint(code)
      expect(earlier(character).startsWith(searchTextMark)).toBe(false)
      expect(foldText(character)).not.toContain(searchTextMark)
    }
  })

  it("holds the sentence that the page shows in place of the catalogue's description, and that too", () => {
    const text = searchText({ ...content, description: describeOperation(content.operation).description })
    expect(text).toContain(
      "\ngrace hopper, acting as ada, was refused to create a workflow version of workflow détection",
    )
    expect(text.endsWith("\nworkflow versions created")).toBe(true)
  })

  it("has a share for every part", () => {
    expect(Object.keys(searchShares)).toEqual([...searchedParts])
  })
})

it("target keys find a target by its id, and by its type and id", () => {
  const targets = [...content.targets, { type: "role", id: "W-1" }]
  expect(targetKeys(targets)).toEqual(["W-1", "workflow:W-1", "testapp1", "app:testapp1", "role:W-1"])
})
