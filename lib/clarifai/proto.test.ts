import path from "node:path"
import { fromJSON, loadSync, type PackageDefinition } from "@grpc/proto-loader"
import protobuf from "protobufjs"
import { describe, expect, test } from "vitest"
import { codes } from "./codes"
import { eventTypes } from "./event-types"
import { decoding, proto } from "./proto"
import { responseMessage } from "./response-message"
import { targetTypes } from "./target-types"

interface Field {
  readonly name: string
  readonly number: number
  readonly label: string
  readonly type: string
}

const ours = fromJSON(protobuf.parse(proto, { keepCase: true }).root.toJSON(), decoding)
const official = loadSync("proto/clarifai/api/service_processed.proto", {
  keepCase: true,
  includeDirs: ["node_modules/clarifai-nodejs-grpc", "node_modules/protobufjs"].map(folder =>
    path.resolve(folder),
  ),
})

/** Returns a message, or an enum, of a package as its descriptor tells. */
function typeOf(loaded: PackageDefinition, name: string) {
  const type: unknown = loaded[name]?.type
  // The loader has no type for descriptors.
  return type as {
    readonly field: readonly Field[]
    readonly value: readonly { readonly name: string; readonly number: number }[]
  }
}

/** An enum is a number to us. */
const fieldsOf = (loaded: PackageDefinition, name: string) =>
  typeOf(loaded, name).field.map(({ name: member, number, label, type }) =>
    [member, number, label, type.replace("TYPE_ENUM", "TYPE_INT32")].join(" "),
  )

/** The messages of ours that stand for several, or for one of another package. */
const standsFor: Readonly<Record<string, readonly string[]>> = {
  Resource: [
    "Module",
    "ModuleVersion",
    "WorkflowVersion",
    "ModelVersion",
    "ComputeCluster",
    "Nodepool",
    "Deployment",
  ],
  Named: ["Role", "Team"],
  Status: ["status.Status"],
}
const messages = [...proto.matchAll(/^message (\w+)/gm)]
  .map(([, name = ""]) => name)
  .flatMap(name => (standsFor[name] ?? [name]).map(theirs => [name, theirs] as const))

describe("the protocol", () => {
  test.each(messages)(
    "is the part of Clarifai's that we speak: the same numbers, names and kinds (%s as %s)",
    (name, theirs) => {
      const known = /^(Timestamp|BoolValue)$/.test(theirs)
        ? `google.protobuf.${theirs}`
        : `clarifai.api.${theirs}`
      expect(fieldsOf(official, known)).toEqual(
        expect.arrayContaining(fieldsOf(ours, `clarifai.api.${name}`)),
      )
    },
  )

  test.each(["AuditLogQuery", "AuditLogTarget", "AuditLogEntry", "Pagination", "UserAppIDSet"])(
    "has all of %s, so that nothing of it is refused or lost",
    name => {
      expect(fieldsOf(ours, `clarifai.api.${name}`)).toEqual(fieldsOf(official, `clarifai.api.${name}`))
    },
  )

  test("has a field for every type of target", () => {
    const fields = typeOf(ours, "clarifai.api.AuditLogTarget").field
    expect(fields.map(({ name, number }) => [name, number])).toEqual(
      targetTypes.map(({ type, field }) => [type, field]),
    )
  })

  test("knows every event type, and answers codes that Clarifai has", () => {
    const types = typeOf(official, "clarifai.api.EventType").value
    const known = eventTypes.map(({ name, code }) => `${name} ${code}`)
    expect(known).toEqual(expect.arrayContaining(types.map(({ name, number }) => `${name} ${number}`)))
    const statuses = typeOf(official, "clarifai.api.status.StatusCode").value.map(({ number }) => number)
    expect(statuses).toEqual(expect.arrayContaining(Object.values(codes).map(({ code }) => code)))
  })

  test("carries whole responses to the byte", () => {
    const { root } = protobuf.parse(proto, { keepCase: true })
    const Response = root.lookupType("clarifai.api.MultiAuditLogEntryResponse")
    const lists = { use_cases: ["faces"], check_consents: ["one"] }
    const bytes = Response.encode(
      Response.fromObject(
        responseMessage(
          { code: 10000, description: "Ok", req_id: "r-1" },
          {
            entries: [
              {
                ...{ timestamp: "2025-01-17T12:04:55.449860Z" as never, operation: 4711, description: "D" },
                user: {
                  id: "u",
                  created_at: "1970-01-01T00:00:00.000001Z" as never,
                  visibility: { gettable: 10 },
                },
                targets: [
                  { type: "workflow", id: "w", lists },
                  { type: "model", id: "m", name: "M", appId: "a" },
                  { type: "team", id: "t", name: "T" },
                ],
                ...{ details: ["one"], success: false, req_id: "q", source_ip: "::1" },
              },
            ],
          },
        ),
      ),
    ).finish()
    expect(Response.toObject(Response.decode(bytes), { longs: String })).toEqual({
      status: { code: 10000, description: "Ok", req_id: "r-1" },
      entries: [
        {
          timestamp: { seconds: "1737115495", nanos: 449_860_000 },
          user: { id: "u", created_at: { seconds: "0", nanos: 1_000 }, visibility: { gettable: 10 } },
          ...{
            operation: 4711,
            description: "D",
            details: ["one"],
            success: false,
            req_id: "q",
            source_ip: "::1",
          },
          targets: [
            { workflow: { id: "w", ...lists } },
            { model: { id: "m", name: "M", app_id: "a" } },
            { team: { id: "t", name: "T" } },
          ],
        },
      ],
    })
  })
})
