import { type ActorType, actorTypes, type Status, statuses } from "@/lib/audit/event/event"
import type { ActorInput, CredentialInput, PersonInput, TargetInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonValue } from "@/lib/audit/json/value"
import { present } from "@/lib/audit/json/value"
import { idOf, nameOf, textOf } from "@/lib/formats/foreign-values"
import { freeObject } from "./free-object"
import type { ActorMapping, EventMapping, TargetMapping } from "./mapping"
import type { ForeignRecord } from "./record"
import { fill } from "./slots"

/** Returns who did it: the first of the mappings that has an id. */
export function actorOf(mappings: readonly ActorMapping[], record: ForeignRecord): ActorInput {
  for (const mapping of mappings) {
    const id = fill(mapping.id, record, idOf)
    if (id === undefined) continue
    return present({
      type: fill(mapping.type, record, actorTypeOf) ?? "user",
      id,
      name: fill(mapping.name, record, nameOf),
      email: fill(mapping.email, record, nameOf),
      role: fill(mapping.role, record, nameOf),
      credential: credentialOf(mapping.credential, record),
      onBehalfOf: personOf(mapping.onBehalfOf, record),
      attributes: freeObject(mapping.attributes, record, eventLimits.attributesBytes),
    })
  }
  return { type: "anonymous", id: "anonymous" }
}

function credentialOf(
  mapping: ActorMapping["credential"],
  record: ForeignRecord,
): CredentialInput | undefined {
  const id = fill(mapping?.id, record, idOf)
  if (mapping === undefined || id === undefined) return undefined
  const type = fill(mapping.type, record, typeOf) ?? "credential"
  return present({ type, id, name: fill(mapping.name, record, nameOf) })
}

function personOf(mapping: ActorMapping["onBehalfOf"], record: ForeignRecord): PersonInput | undefined {
  const id = fill(mapping?.id, record, idOf)
  if (mapping === undefined || id === undefined) return undefined
  const type = fill(mapping.type, record, actorTypeOf) ?? "user"
  return present({ type, id, name: fill(mapping.name, record, nameOf) })
}

/** Returns what it was done to, as far as an event takes it. */
export function targetsOf(mappings: EventMapping["targets"] = [], record: ForeignRecord): TargetInput[] {
  return mappings
    .flatMap(mapping =>
      typeof mapping === "function" ? mapping(record) : partsOf(mapping, record).flatMap(targetOf(mapping)),
    )
    .slice(0, eventLimits.targetCount)
}

function partsOf({ each }: TargetMapping, record: ForeignRecord): readonly ForeignRecord[] {
  return each === undefined ? [record] : record.each(each)
}

function targetOf(mapping: TargetMapping): (part: ForeignRecord) => TargetInput[] {
  return part => {
    const id = fill(mapping.id, part, idOf)
    if (id === undefined) return []
    const attributes = freeObject(mapping.attributes, part, eventLimits.attributesBytes)
    const type = fill(mapping.type, part, typeOf) ?? "target"
    return [present({ type, id, name: fill(mapping.name, part, nameOf), attributes })]
  }
}

function typeOf(value: JsonValue | undefined): string | undefined {
  return textOf(value, eventLimits.typeLength)
}

function actorTypeOf(value: JsonValue | undefined): ActorType | undefined {
  return actorTypes.find(type => type === value)
}

/** Returns the outcome when a slot gives one of ours. */
export function statusOf(value: JsonValue | undefined): Status | undefined {
  return statuses.find(status => status === value)
}
