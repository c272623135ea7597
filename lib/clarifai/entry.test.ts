import { describe, expect, test } from "vitest"
import { statuses } from "@/lib/audit/event/event"
import { documentedEntries, documentedInputs, eventOf } from "@/test/clarifai/documented"
import { okStatus } from "./codes"
import { entryOf, isSuccess } from "./entry"
import { responseJson } from "./response-json"
import { targetTypes, typesFoundBy } from "./target-types"

const jsonOf = (...inputs: readonly Parameters<typeof eventOf>[0][]) =>
  responseJson(okStatus("r-1"), { entries: inputs.map(input => entryOf(eventOf(input))) }).entries

const least = { operation: "door.open", status: "success", actor: { type: "user", id: "ada" } } as const

describe("an event as an entry", () => {
  test("of each of the ten documented ones is the documented entry", () => {
    expect(documentedEntries).toHaveLength(10)
    expect(jsonOf(...documentedInputs("0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"))).toEqual(documentedEntries)
  })

  test("leaves out what it lacks, except that it failed", () => {
    expect(jsonOf({ ...least, status: "failure", occurredAt: "2026-11-20T10:00:00Z" })).toEqual([
      {
        timestamp: "2026-11-20T10:00:00.000000Z",
        user: { id: "ada" },
        description: "Door: open",
        success: false,
      },
    ])
  })

  test("has the code that it came with, known or not", () => {
    const codes = [902, 4711, 0, 2 ** 31 - 1]
    const entries = jsonOf(...codes.map(operationCode => ({ ...least, operationCode })))
    expect(entries).toMatchObject([{ operation: 902 }, { operation: 4711 }, {}, { operation: 2 ** 31 - 1 }])
    expect(entries[2]).not.toHaveProperty("operation")
  })

  test("is a success only when its status says so", () => {
    for (const status of statuses) {
      const [entry] = jsonOf({ ...least, status })
      expect(entry).toMatchObject({ success: status === "success" })
      expect(isSuccess(status)).toBe(status === "success")
    }
  })

  test("says in its details that the outcome is unknown, and what else was affected", () => {
    const [entry] = jsonOf({
      ...least,
      status: "unknown",
      details: ["Opened by hand."],
      targets: [
        { type: "door", id: "front", name: "Front door" },
        { type: "app", id: "a-1" },
        { type: "key", id: "k-1" },
      ],
    })
    expect(entry).toMatchObject({
      targets: [{ app: { id: "a-1" } }],
      details: [
        "Opened by hand.",
        "Target: door 'front' (Front door)",
        "Target: key 'k-1'",
        "The outcome is unknown.",
      ],
    })
  })

  test("shows targets of every type of the protocol, with their lists and their name where the protocol has one", () => {
    const targets = targetTypes.map(({ type }) => ({ type, id: `${type}-1`, name: "A name" }))
    expect(jsonOf({ ...least, targets })).toMatchObject([
      {
        targets: [
          { user: { id: "user-1" } },
          { role: { id: "role-1", name: "A name" } },
          { team: { id: "team-1", name: "A name" } },
          { app: { id: "app-1", name: "A name" } },
          { module: { id: "module-1" } },
          { module_version: { id: "module_version-1" } },
          { workflow: { id: "workflow-1", use_cases: [], check_consents: [] } },
          { workflow_version: { id: "workflow_version-1" } },
          {
            model: {
              ...{ id: "model-1", name: "A name", app_id: "", toolkits: [], use_cases: [] },
              ...{ languages: [], languages_full: [], check_consents: [] },
            },
          },
          { model_version: { id: "model_version-1" } },
          { compute_cluster: { id: "compute_cluster-1" } },
          { nodepool: { id: "nodepool-1" } },
          { deployment: { id: "deployment-1" } },
        ],
      },
    ])
  })

  test("shows our applications as apps and our groups as teams, which also find them", () => {
    const targets = [
      { type: "application", id: "a-1" },
      { type: "group", id: "g-1", name: "Operators" },
    ]
    expect(jsonOf({ ...least, targets })).toMatchObject([
      { targets: [{ app: { id: "a-1" } }, { team: { id: "g-1", name: "Operators" } }] },
    ])
    expect([typesFoundBy("app"), typesFoundBy("team"), typesFoundBy("user")]).toEqual([
      ["app", "application"],
      ["team", "group"],
      ["user"],
    ])
  })

  test("tells nothing of a person that the event does not tell, whatever its attributes hold", () => {
    const attributes = {
      ...{ first_name: 7, last_name: ["x"], company_name: "", job_title: null, intention: {} },
      ...{ created_at: "yesterday", visibility: { gettable: "10" }, password: "x" },
    }
    const actor = {
      type: "user",
      id: "ada",
      name: "Ada Lovelace",
      email: "ada@acme.example",
      attributes,
    } as const
    expect(jsonOf({ ...least, actor })).toMatchObject([{ user: { id: "ada" } }])
    expect(Object.keys(entryOf(eventOf({ ...least, actor })).user)).toEqual(["id"])
  })

  test("says where it came from as the event knows it: the ip, else the text", () => {
    const sources = ["::ffff:203.0.113.7", "gateway-3"].map(ip => ({ ...least, source: { ip } }))
    expect(jsonOf(...sources)).toMatchObject([{ source_ip: "203.0.113.7" }, { source_ip: "gateway-3" }])
  })
})
