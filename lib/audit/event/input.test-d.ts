import type { ActorType } from "./event"
import type { EventInput, TargetInput } from "./input"
import { type Fields, namesOf } from "./input/fields"

declare const type: ActorType
declare const fields: Fields<EventInput>
declare const targets: Fields<TargetInput>

export const least = {
  operation: "invoice.approve",
  actor: { type, id: "p-1" },
  status: "success",
} satisfies EventInput

export const anonymous = { ...least, actor: { type: "anonymous" }, targets: null } satisfies EventInput

// @ts-expect-error somebody who is not anonymous has an id
export const nameless = { ...least, actor: { type: "user" } } satisfies EventInput

// @ts-expect-error misspelt
export const misspelt = { ...least, statusMesage: "No." } satisfies EventInput

export const inside = {
  ...least,
  // @ts-expect-error misspelt
  targets: [{ type: "invoice", id: "1", nmae: "First" }],
  // @ts-expect-error misspelt
  actor: { type: "user", id: "p-1", onBehalfOf: { type: "user", id: "p-2", mail: "a@acme.example" } },
  // @ts-expect-error misspelt
  source: { ip: "192.0.2.7", useragent: "curl" },
  // @ts-expect-error misspelt
  http: { durationMS: 1 },
  // @ts-expect-error misspelt
  changes: [{ path: "/a", after_: 1 }],
} satisfies EventInput

// @ts-expect-error given by the server
export const received = { ...least, receivedAt: "2026-11-20T10:00:00.123456Z" } satisfies EventInput

// @ts-expect-error not one of the outcomes
export const outcome = { ...least, status: "ok" } satisfies EventInput

// @ts-expect-error no outcome
export const open = { operation: "invoice.approve", actor: least.actor } satisfies EventInput

// The parser reads what the type has, and as the kind that it is.
export const read = [fields.text("sourceId", 1), fields.text("statusCode", 1), targets.required("id", 1)]
export const unread = [
  // @ts-expect-error misspelt
  fields.text("sourceID", 1),
  // @ts-expect-error a number
  fields.text("operationCode", 1),
  // @ts-expect-error of a target's event
  targets.text("sourceId", 1),
  // @ts-expect-error not an outcome
  fields.choice("status", ["fine"]),
]

// @ts-expect-error a member that the parser would refuse
export const forgotten = namesOf<TargetInput>({ type: true, id: true, name: true })
// @ts-expect-error a member that nobody may send
export const added = namesOf<TargetInput>({ type: true, id: true, name: true, attributes: true, kind: true })
