import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { knownOperations } from "./catalogue"
import { type SentenceContent, sentenceOf } from "./compose-sentence"
import { type Status, statuses } from "./event"
import { sentenceText } from "./sentence"

const ines = { type: "user", id: "ines.moreau", name: "Ines Moreau" } as const

function content(operation: string, more: Partial<SentenceContent> = {}): SentenceContent {
  const description = knownOperations.find(({ name }) => name === operation)?.description ?? ""
  return { operation, description, actor: ines, targets: [], status: "success", ...more }
}

function said(operation: string, more: Partial<SentenceContent> = {}): string | null {
  const sentence = sentenceOf(content(operation, more))
  return sentence && sentenceText(sentence)
}

const target = (type: string, name: string) => ({ type, id: name.toLowerCase(), name })
const one = [target("thing", "First")]
const detector = [target("model", "pallet-detector")]

describe("each operation of the catalogue makes a sentence", () => {
  it("about one thing, reads as it was reviewed", () => {
    const file = path.join(import.meta.dirname, "fixtures/sentences.txt")
    const lines = knownOperations.map(({ name }) => `${name}: ${said(name, { targets: one })}`)
    expect(lines).toEqual(readFileSync(file, "utf8").trimEnd().split("\n"))
  })

  it.each(knownOperations.map(({ name }) => [name]))("%s, with each outcome", operation => {
    const success = said(operation, { targets: one }) ?? ""
    const denied = said(operation, { targets: one, status: "denied" }) ?? ""
    const things = / First$/.exec(success)?.[0] ?? ""
    expect(success).toMatch(/^Ines Moreau ([a-z]+(ed|ent)|built|left|read|reset)\b/)
    expect(denied).toMatch(/^Ines Moreau was refused to [a-z]/)
    expect(denied.endsWith(things)).toBe(true)
    const tried = denied.replace("was refused to", "tried to")
    expect(said(operation, { targets: one, status: "failure" })).toBe(`${tried} and failed`)
    expect(said(operation, { targets: one, status: "unknown" })).toBe(`${tried}, with unknown outcome`)
  })

  it.each(knownOperations.map(({ name }) => [name]))("%s, about nothing, one, some and many things", op => {
    const things = (count: number) =>
      Array.from({ length: count }, (_, index) => target("thing", `T${index}`))
    const [none, single, two, many] = [0, 1, 2, 12].map(count => said(op, { targets: things(count) }) ?? "")
    if (single?.endsWith(" T0")) {
      expect(none).toMatch(/ (a|an) [\w -]+$|(listed|watched) [a-z -]+s$/)
      expect(two).toMatch(/s T0 and T1$/)
      expect(many).toMatch(/ 12 [\w -]+s$/)
    } else {
      expect([single, two, many]).toEqual([none, none, none])
    }
  })
})

describe("the outcome is part of the sentence", () => {
  const words: Record<Status, string> = {
    success: "Ines Moreau deleted model pallet-detector",
    denied: "Ines Moreau was refused to delete model pallet-detector",
    failure: "Ines Moreau tried to delete model pallet-detector and failed",
    unknown: "Ines Moreau tried to delete model pallet-detector, with unknown outcome",
  }
  it.each(statuses)("%s", status => {
    expect(said("model.delete", { targets: detector, status })).toBe(words[status])
  })
})

describe("a captured call is told in words", () => {
  it.each([
    ["pods.list", [], "Ines Moreau listed pods"],
    ["persistentvolumeclaims.watch", [], "Ines Moreau watched persistent volume claims"],
    ["rolebindings.create", [target("rolebindings", "9c0a")], "Ines Moreau created role binding 9c0a"],
    ["containers.stop", [target("container", "4f2c")], "Ines Moreau stopped container 4f2c"],
    ["projects.update", [target("project", "p-1")], "Ines Moreau updated project p-1"],
    [
      "tasks.enqueue",
      [target("task", "t-1"), target("task", "t-2")],
      "Ines Moreau enqueued tasks t-1 and t-2",
    ],
    ["swarm.leave", [], "Ines Moreau left the swarm"],
    ["http.call", [], "Ines Moreau called an HTTP endpoint"],
  ])("%s", (operation, targets, sentence) => {
    expect(said(operation, { targets })).toBe(sentence)
  })
})

describe("one thing is told in the singular, several in the plural", () => {
  it.each([
    [[], "Ines Moreau deleted an API proxy"],
    [["orders"], "Ines Moreau deleted API proxy orders"],
    [["a", "b"], "Ines Moreau deleted API proxies a and b"],
    [["a", "b", "c"], "Ines Moreau deleted API proxies a, b and c"],
    [["a", "b", "c", "d"], "Ines Moreau deleted 4 API proxies"],
  ])("%j", (names, sentence) => {
    expect(said("api_proxy.delete", { targets: names.map(name => target("api_proxy", name)) })).toBe(sentence)
  })
})

describe("what a thing is in, or of, is told with it", () => {
  it.each([
    [
      "model_version.create",
      [target("model", "M"), target("model_version", "V")],
      "created model version V of model M",
    ],
    ["model_version.create", [target("model", "M")], "created a model version of model M"],
    [
      "api_key.create",
      [target("api_key", "ci"), target("application", "Hub")],
      "created API key ci in application Hub",
    ],
    [
      "collaborator.add",
      [target("user", "Mei"), target("application", "Hub")],
      "added collaborator Mei to application Hub",
    ],
    [
      "collaborator.remove",
      [target("user", "Mei"), target("app", "Hub")],
      "removed collaborator Mei from application Hub",
    ],
    [
      "organization_team_app.add",
      [target("group", "Fleet"), target("application", "Hub")],
      "added organization team application Hub to group Fleet",
    ],
    [
      "organization_member.change",
      [target("user", "Mei"), target("role", "Auditor")],
      "changed the roles of organization member Mei",
    ],
    ["application.delete", [target("app", "Hub")], "deleted application Hub"],
    [
      "api_proxy.update",
      [target("project", "atlas"), target("api_proxy", "orders")],
      "updated API proxy orders in project atlas",
    ],
    ["user_session.delete_all", [target("user", "Marek")], "signed out everywhere for user Marek"],
    ["user_session.delete_all", [{ type: "user", id: "ines.moreau", name: "Ines" }], "signed out everywhere"],
    ["model.delete", [target("constructor", "X")], "deleted model X"],
  ] as const)("%s", (operation, targets, did) => {
    expect(said(operation, { targets })).toBe(`Ines Moreau ${did}`)
  })
})

describe("who did it", () => {
  it("is told by name, else by address, else by id; both persons when one acts as another", () => {
    const by = (actor: SentenceContent["actor"]) => said("model.train", { actor, targets: detector })
    expect(by({ type: "user", id: "u1", name: " ", email: "i@acme.example" })).toBe(
      "i@acme.example trained model pallet-detector",
    )
    expect(by({ type: "system", id: "nightly" })).toBe("nightly trained model pallet-detector")
    expect(by({ type: "staff", id: "s", name: "Support", onBehalfOf: ines })).toBe(
      "Support, acting as Ines Moreau, trained model pallet-detector",
    )
  })
})

describe("a description that is not the catalogue's stays", () => {
  it.each(["Removed the old detector", "models deleted", "Models deleted.", ""])("%j", description => {
    expect(said("model.delete", { description })).toBeNull()
  })

  it("and so does that of an operation the catalogue does not have", () => {
    expect(said("robot.restart", { description: "Robot: restart" })).toBeNull()
    expect(said("constructor", { description: "Constructor" })).toBeNull()
    expect(said("toString", { description: "ToString" })).toBeNull()
  })
})

it("values stand apart from words, so that each can be isolated", () => {
  const sentence = sentenceOf(
    content("model.delete", { targets: [target("model", "نموذج"), target("model", "b")] }),
  )
  expect(sentence).toEqual({
    who: ["", "Ines Moreau", " "],
    did: ["deleted models ", "نموذج", " and ", "b", ""],
  })
})

it("values that look like words of ours change nothing", () => {
  const hostile = [{ type: "model", id: "and failed", name: "x and failed" }]
  expect(said("model.delete", { targets: hostile })).toBe("Ines Moreau deleted model x and failed")
  expect(said("model.delete", { targets: [{ type: "model", id: "$&$1" }] })).toBe(
    "Ines Moreau deleted model $&$1",
  )
})
