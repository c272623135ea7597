import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, test } from "vitest"
import type { Call } from "@/lib/audit/capture/call"
import { clarifaiCases } from "@/lib/audit/capture/fixtures/clarifai-calls"
import { body, call, everything, factsOf, jwt, recorded } from "@/lib/audit/capture/testing/calls"
import { operationByCode, operationByName } from "@/lib/audit/event/catalogue"
import { clarifai } from "./clarifai"
import { clarifaiActions, documentedActions, invitationStatuses } from "./clarifai-actions"

const status = (code: number, description = "Ok", more: object = {}) => ({
  status: { code, description, req_id: "c0c3788f56734a07ac468cffc9f96b82", ...more },
})

function event(line: string, sent: unknown, answer: unknown, more: Partial<Call> = {}) {
  return recorded(
    "clarifai",
    call(line, {
      requestBody: sent === undefined ? null : body(sent),
      responseBody: body(answer),
      ...more,
    }),
  )
}

const targetsOf = ({ targets }: ReturnType<typeof event>) =>
  (targets ?? []).map(({ type, id }) => `${type} ${id}`)

describe("the actions of the table", () => {
  test("are the 51 that Clarifai documents, each once, and some more that its types of event fit", () => {
    const names = documentedActions.map(({ method }) => method)
    expect(names.toSorted()).toEqual(clarifaiCases.map(({ action }) => action).toSorted())
    expect(names).toHaveLength(51)
    expect(new Set(clarifaiActions.map(({ method }) => method)).size).toBe(clarifaiActions.length)
  })

  test("are in the table of the documentation as they are here, and the further ones are named", () => {
    const page = readFileSync(path.resolve("docs/capture-clarifai.md"), "utf8")
    const shown = [...page.matchAll(/^\| `(\w+)` \| `([A-Z]+) (\S+)` \| `(\S+)` \| ?(\d*)(?: to 106)? \|$/gm)]
    expect(shown.map(([, ...cells]) => cells.join(" "))).toEqual(
      documentedActions.map(({ method, path: where, operation, code }) => {
        const verb = /^[A-Z][a-z]+/.exec(method)?.[0].toUpperCase()
        return [method, verb, where, operation, code ?? (method.endsWith("Invitations") ? 104 : "")].join(" ")
      }),
    )
    for (const { method } of clarifaiActions) expect(page).toContain(`\`${method}\``)
  })

  test("have operations of the catalogue; where an operation has a code there, it is that of the action", () => {
    const named = [
      ...clarifaiActions.map(({ operation, code }) => [operation, code] as const),
      ...Object.values(invitationStatuses),
    ]
    for (const [operation, code] of named) {
      const known = operationByName(operation)
      expect(known, operation).not.toBeNull()
      if (known?.code !== undefined) expect([operation, code]).toEqual([operation, known.code])
      if (code !== null) expect(operationByCode(code), operation).not.toBeNull()
    }
  })

  test("use every type of event of Clarifai but those that no action of its own is for", () => {
    const used = new Set([...clarifaiActions.map(({ code }) => code), 104])
    const all = Array.from({ length: 1200 }, (_, code) => code).filter(code => operationByCode(code) !== null)
    // No type at all; a version of a module is posted and not patched; one of a workflow comes with the workflow.
    expect(all.filter(code => !used.has(code))).toEqual([0, 204, 403])
  })
})

describe("a call of an action", () => {
  test.each(clarifaiCases)("$action: operation, code and targets", made => {
    const answer = { ...status(10_000), ...(made.answered as object) }
    const found = event(made.line, made.sent, answer)
    expect(factsOf(found)).toMatchObject({ endpoint: made.action, version: "2", profile: "clarifai" })
    expect(found).toMatchObject({ operation: made.operation, status: "success", statusCode: "10000" })
    expect(found.operationCode ?? null).toBe(made.code)
    expect(targetsOf(found)).toEqual(made.targets)
  })

  test("with a key of the app, whose path has neither user nor app, is the same action", () => {
    const inApp = clarifaiCases.filter(({ line }) => line.includes("/v2/users/ada/apps/vision/"))
    for (const { line, action, sent } of inApp) {
      const short = line.replace("/users/ada/apps/vision", "")
      expect(clarifai.endpointOf(call(short)).endpoint, short).toBe(action)
      const found = event(short, sent, { ...status(10_000), model: { id: "x", app_id: "vision" } })
      expect(targetsOf(found)).toContain("app vision")
    }
    expect(inApp.length).toBeGreaterThan(30)
  })

  test.each([
    ["a slash at the end", "PATCH /v2/users/ada/apps/vision/models/"],
    ["doubled slashes", "PATCH //v2/users//ada/apps/vision/models"],
    ["a method in small letters", "patch /v2/users/ada/apps/vision/models"],
    ["the caller's own user", "PATCH /v2/users/me/apps/vision/models"],
    ["an id with encoded characters", "PATCH /v2/users/a%20b/apps/vision/models"],
    ["a query", "PATCH /v2/users/ada/apps/vision/models?page=1"],
  ])("is the same with %s", (_, line) => {
    expect(clarifai.endpointOf(call(line)).endpoint).toBe("PatchModels")
  })

  test("ids of a path are decoded, and an id that is no word of the API is an id whatever it is", () => {
    const found = event("DELETE /v2/users/ada/apps/my%20app/models/caf%C3%A9", undefined, status(10_000))
    expect(targetsOf(found)).toEqual(["model café", "app my app"])
    expect(
      targetsOf(event("DELETE /v2/users/ada/apps/apps/models/models", undefined, status(10_000))),
    ).toEqual(["model models", "app apps"])
  })

  test("of invitations is what their new status says, by name or number", () => {
    const of = (sent: unknown) => {
      const { operation, operationCode } = event(
        "PATCH /v2/organizations/acme/invitations",
        sent,
        status(10_000),
      )
      return [operation.split(".")[1], operationCode]
    }
    const patch = (given: unknown) => ({ invitations: [{ id: "i", status: given }] })
    expect(
      ["CANCELLED", 3, "ACCEPTED", 2, "DECLINED", 4, "PENDING", 1].map(given => of(patch(given))),
    ).toEqual([
      ...[
        ["cancel", 104],
        ["cancel", 104],
        ["accept", 105],
        ["accept", 105],
      ],
      ...[
        ["decline", 106],
        ["decline", 106],
        ["update", undefined],
        ["update", undefined],
      ],
    ])
    expect(of({ invitations: [{ id: "i" }], action: "remove" })).toEqual(["cancel", 104])
    for (const odd of [patch("constructor"), patch({}), { invitations: "x" }, [], undefined])
      expect(of(odd)).toEqual(["update", undefined])
  })

  test("names of its objects are recorded only when the policy asks for names", () => {
    const made = call("PATCH /v2/users/ada/apps", {
      responseBody: body({ ...status(10_000), apps: [{ id: "vision", name: "Vision" }] }),
    })
    expect(recorded("clarifai", made).targets).toEqual([{ type: "app", id: "vision" }])
    expect(recorded("clarifai", made, { ...everything, idsOnly: false }).targets).toEqual([
      { type: "app", id: "vision", name: "Vision" },
    ])
  })
})

describe("the outcome", () => {
  const outcome = (code: unknown, httpStatus = 200) => {
    const { status: ended, statusCode } = event(
      "DELETE /v2/users/ada/apps/vision/models/cats",
      undefined,
      { status: { code, description: "said" } },
      { status: httpStatus },
    )
    return `${ended} ${statusCode}`
  }

  test("is that of the status in the body, whatever the head says", () => {
    expect(
      [10_000, 10_070, 10_010, 11_102, 11_007, 11_009, 11_002, 98_004].map(code => outcome(code)),
    ).toEqual([
      "success 10000",
      "success 10070",
      "failure 10010",
      "failure 11102",
      "denied 11007",
      "denied 11009",
      "denied 11002",
      "failure 98004",
    ])
    expect(outcome(11_009, 400)).toBe("denied 11009")
    expect(outcome(10_000, 500)).toBe("failure 10000")
  })

  test("is that of the head where the body has no status", () => {
    expect(["10000", 1.5, -1, null, {}, 1e9].map(code => outcome(code))).toEqual(Array(6).fill("success 200"))
    const without = (httpStatus: number, responseBody: Call["responseBody"]) =>
      event("POST /v2/models", {}, {}, { status: httpStatus, responseBody }).status
    expect(without(401, null)).toBe("denied")
    expect(without(502, body("<html>", "text/html"))).toBe("failure")
    expect(without(200, body("[]"))).toBe("success")
  })

  test("decides rules that ask for it, and what the answer says is the message and the id", () => {
    const rule = { name: "Refused", when: { outcomes: ["denied" as const] }, then: { data: true } }
    const policy = { ...everything, default: { call: true, data: false, resultData: false }, rules: [rule] }
    const made = (code: number) =>
      recorded(
        "clarifai",
        call("POST /v2/users/ada/apps", {
          requestBody: body({ apps: [{ id: "marker" }] }),
          responseBody: body(status(code, "Insufficient scopes", { details: "needs Apps_Add" })),
        }),
        policy,
      )
    expect(factsOf(made(11_007))).toMatchObject({ rule: "Refused", request: { apps: [{ id: "marker" }] } })
    expect(factsOf(made(10_000))).toMatchObject({ rule: null })
    expect(factsOf(made(10_000)).request).toBeUndefined()
    const { headers: _, ...without } = made(11_007) as ReturnType<typeof made> & { headers?: unknown }
    expect(without).toMatchObject({
      statusMessage: "Insufficient scopes: needs Apps_Add",
      requestId: "c0c3788f56734a07ac468cffc9f96b82",
    })
  })

  test("of a part of what was asked is a failure, with the objects that the answer names", () => {
    const sent = { models: [{ id: "cats" }, { id: "dogs" }] }
    const answer = { ...status(10_010, "Mixed"), models: [{ id: "cats" }] }
    const found = event("PATCH /v2/users/ada/apps/vision/models", sent, answer)
    expect([found.status, ...targetsOf(found)]).toEqual(["failure", "model cats", "app vision"])
  })

  test("of an attempt that was refused has what it was aimed at as its targets", () => {
    const line = "DELETE /v2/users/ada/apps/vision/models"
    const found = event(line, { ids: ["cats"] }, status(11_007), { status: 403 })
    expect([found.status, found.operationCode, ...targetsOf(found)]).toEqual([
      "denied",
      302,
      "model cats",
      "app vision",
    ])
  })
})

describe("every other call", () => {
  test.each([
    [
      "POST /v2/users/ada/apps/vision/models/cats/versions/v1/outputs",
      "/models/{id}/versions/{id}/outputs",
      "models.versions.outputs.create",
    ],
    ["POST /v2/models/cats/outputs", "/models/{id}/outputs", "models.outputs.create"],
    ["GET /v2/users/ada/apps/vision/models/cats", "/models/{id}", "models.read"],
    ["GET /v2/users/ada/apps", "/apps", "apps.read"],
    ["GET /v2/users/ada/apps/vision", "/apps/{id}", "apps.read"],
    ["GET /v2/users/ada", "/users/{id}", "users.read"],
    ["POST /v2/users/ada/apps/searches", "/apps/searches", "apps.searches.create"],
    ["POST /v2/users/ada/audit_log/searches", "/audit_log/searches", "audit_log.searches.create"],
    ["POST /v2/inputs", "/inputs", "inputs.create"],
    ["GET /v2/users/ada/apps/vision/models/searches", "/models/searches", "models.searches.read"],
    ["PUT /v2/users/ada/apps/vision/models", "/models", "models.update"],
    ["POST /v2/users/ada/models", "/models", "models.create"],
    ["POST /v2/organizations/acme/models", "/models", "models.create"],
  ])("%s: its path without where it is, and no code", (line, endpoint, operation) => {
    const found = event(line, {}, status(10_000))
    expect(factsOf(found)).toMatchObject({ endpoint, version: "2", profile: "clarifai" })
    expect(found).toMatchObject({ operation, targets: [] })
    expect(found.operationCode).toBeUndefined()
  })

  test("that is none to the API is read as any HTTP call", () => {
    expect(clarifai.endpointOf(call("GET /healthz")).endpoint).toBe("/healthz")
    expect(clarifai.endpointOf(call("GET /v2")).endpoint).toBe("/v2")
    expect(clarifai.endpointOf(call("POST /v3/models")).endpoint).toBe("/models")
    expect(clarifai.endpointOf(call("POST /v2/users/../users/ada/apps")).endpoint).toBe("unclear path")
  })
})

describe("the caller", () => {
  const caller = (headers: Call["headers"], answer: unknown = status(10_000)) =>
    event("POST /v2/users/ada/apps", {}, answer, { headers }).actor
  const token = jwt({ sub: "grace" })

  test("is the person of a token that the API accepted, and anonymous for a key, which names nobody", () => {
    expect(caller([["Authorization", `Bearer ${token}`]])).toMatchObject({
      id: "grace",
      credential: { type: "jwt_unverified" },
    })
    expect(caller([["X-Clarifai-Session-Token", token]])).toMatchObject({ id: "grace" })
    expect(caller([["Authorization", "Key 0123456789abcdef0123456789abcdef"]])).toEqual({
      type: "anonymous",
      id: "anonymous",
    })
  })

  test("is anonymous when the body refuses, also under a head of success", () => {
    expect(caller([["Authorization", `Bearer ${token}`]], status(11_009))).toMatchObject({
      type: "anonymous",
    })
    expect(caller([["X-Clarifai-Session-Token", token]], status(11_002))).toMatchObject({ type: "anonymous" })
  })
})

test("no body makes the profile throw or name more than twenty objects", () => {
  const many = Array.from({ length: 500 }, (_, at) => ({ id: `m${at}`, model_version: { id: `v${at}` } }))
  let deep: unknown = "end"
  for (let depth = 0; depth < 60; depth++) deep = { models: [deep] }
  for (const sent of [
    { models: many },
    deep,
    { ids: { ids: [1, null, { id: {} }] } },
    [],
    "text",
    7,
    null,
    { models: [[["x"]]] },
  ]) {
    const found = event("PATCH /v2/users/ada/apps/vision/models", sent, { ...status(10_000), models: sent })
    expect(found.operation).toBe("model.update")
    expect(found.targets?.length).toBeLessThanOrEqual(20)
  }
})
