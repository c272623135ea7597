import { knownOperations, operationByCode } from "@/lib/audit/event/catalogue"
import type { TargetInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isObject, present as presentMembers } from "@/lib/audit/json/value"
import type { ForeignRecord } from "./engine/record"
import { rule } from "./engine/rules"
import { fitting, listOf, objectOf, present } from "./foreign-json"
import { countOf, idOf, nameOf, operationName, textOf, wordsOf } from "./foreign-values"

/** The time of a client that prints the message itself, with seconds and nanoseconds apart. */
export const partedTime = rule("timestamp", record => {
  const timestamp = record.at("timestamp")
  if (!isObject(timestamp)) return undefined
  const { seconds = 0, nanos = 0 } = timestamp
  return `${textOf(seconds, 20) ?? 0}.${(textOf(nanos, 9) ?? "").padStart(9, "0")}`
})

const byEnumName = new Map(
  knownOperations.flatMap(known =>
    known.code === undefined ? [] : [[known.name.replaceAll(".", "_").toUpperCase(), known.code]],
  ),
)

/** The code of the operation, which the gateway writes as a number and others by its name; undefined for a name that is newer. */
export const operationCode = rule("operation", record => {
  const written = writtenOperation(record)
  const code = byEnumName.get(written) ?? countOf(Number(written), 2 ** 31 - 1)
  return code === undefined && isEnumName(written) ? undefined : (code ?? 0)
})

export const operation = rule("operation", record => {
  const code = operationCode(record)
  if (typeof code === "number") return operationByCode(code)?.name ?? `clarifai.event_${code}`
  // The resource and the verb of a name that the catalogue does not have are told apart by the last underscore.
  return operationName(
    writtenOperation(record)
      .toLowerCase()
      .replace(/_(?=[^_]*$)/, "."),
    "clarifai",
  )
})

function writtenOperation(record: ForeignRecord): string {
  return textOf(record.at("operation"), 200) ?? "0"
}

function isEnumName(text: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(text)
}

/** What else is told of the person. Name parts stay as they were sent: two words joined cannot be taken apart again. */
export const userAttributes = rule("user", record => {
  const {
    id: _id,
    primary_email: _email,
    first_name,
    last_name,
    ...others
  } = inSnakeCase(objectOf(record.at("user")))
  return present({ first_name, last_name, ...others })
})

/** A target is an object with one member: its type; the value holds the id. Their order tells nothing and is kept. */
export function targetsOf(record: ForeignRecord): TargetInput[] {
  const members = listOf(record.at("targets")).flatMap(target => Object.entries(objectOf(target)))
  return members.flatMap(([type, value]) => {
    const { id, name, ...others } = inSnakeCase(objectOf(value))
    const idText = idOf(id)
    if (idText === undefined) return []
    const telling = Object.fromEntries(Object.entries(others).filter(([, member]) => !isEmpty(member)))
    const attributes = fitting(telling, eventLimits.attributesBytes)
    return [presentMembers({ type: wordsOf(type) || "target", id: idText, name: nameOf(name), attributes })]
  })
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0)
}

/** The members of an object by the names of the protocol: `sourceIp` is `source_ip`. */
function inSnakeCase(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [
      key.replaceAll(/(?<=[a-z0-9])[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
