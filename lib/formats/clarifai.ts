import { knownOperations, operationByCode } from "@/lib/audit/event/catalogue"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { arrayElements, isList } from "./elements"
import { fitting, isObject, listOf, objectOf, parseForeignJson, present } from "./foreign-json"
import { timeOf } from "./foreign-time"
import { countOf, idOf, nameOf, operationName, textOf, wordsOf } from "./foreign-values"
import { type Format, type RecordIds, rawOf, tellRecords } from "./format"

const name = "clarifai"

/** The status of a search that went well, by its code and by its name. */
const succeeded: readonly JsonValue[] = [10000, "10000", "SUCCESS"]

/**
 * Responses of Clarifai's audit-log search (`PostAuditLogSearches`), with all their entries: as its gateway writes JSON, or as the
 * libraries of Protocol Buffers do (names of enums, lowerCamelCase).
 */
export const clarifai: Format = {
  name,
  recognises: value => isResponse(Array.isArray(value) ? value[0] : value),
  *read(text, { ids }) {
    const texts = isList(text) ? arrayElements(text, null) : [text]
    yield* tellRecords(entriesOf(texts), "entry", (entry, raw) =>
      isEntry(entry)
        ? { event: JSON.stringify(eventOf(inSnakeCase(entry), raw, ids)) }
        : { event: null, fault },
    )
  },
}

const fault =
  "is no audit log entry of Clarifai, which always has two of timestamp, operation, user and req_id"

function isResponse(value: JsonValue | undefined): boolean {
  return isObject(value) && isObject(value.status) && "code" in value.status
}

function isEntry(entry: JsonObject): boolean {
  const found = ["timestamp", "operation", "user", "req_id", "reqId"].filter(member => member in entry)
  return found.length > 1 && (found.includes("timestamp") || found.includes("operation"))
}

function* entriesOf(responses: Iterable<string>): Iterable<string> {
  for (const text of responses) {
    const response = parseForeignJson(text)
    if (!isResponse(response))
      throw new AppError(
        "invalid",
        "This is no response of Clarifai's audit log search, which always has a status.",
      )
    const { status, entries } = objectOf(response)
    const { code = null, description } = objectOf(status)
    if (!succeeded.includes(code)) {
      const said = textOf(description, 500) ?? "no description"
      throw new AppError("invalid", `Clarifai answered: ${said} (${textOf(code, 60) ?? "no code"}).`)
    }
    if (entries !== undefined && entries !== null) yield* arrayElements(text, "entries")
  }
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

function eventOf(entry: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const { details, ...time } = timeOf(...momentOf(entry.timestamp))
  return present({
    // Entries have no key of their own: those of one request share its id.
    id: ids.fromRaw(raw),
    ...time,
    ...operationOf(entry.operation),
    description: textOf(entry.description, eventLimits.descriptionLength),
    actor: actorOf(inSnakeCase(objectOf(entry.user))),
    targets: listOf(entry.targets).flatMap(targetsOf).slice(0, eventLimits.targetCount),
    details: [...details, ...detailsOf(listOf(entry.details))].slice(0, eventLimits.detailCount),
    // Some writers leave out a boolean that is false.
    status: entry.success === true ? "success" : "failure",
    source: sourceOf(entry.source_ip),
    requestId: idOf(entry.req_id),
    ...rawOf(name, raw),
  })
}

/** A client that prints the message itself has seconds and nanoseconds apart. */
function momentOf(timestamp: JsonValue | undefined): Parameters<typeof timeOf> {
  if (!isObject(timestamp)) return [timestamp]
  const { seconds = 0, nanos = 0 } = timestamp
  return [`${textOf(seconds, 20) ?? 0}.${(textOf(nanos, 9) ?? "").padStart(9, "0")}`, ["seconds"]]
}

const byEnumName = new Map(
  knownOperations.flatMap(known =>
    known.code === undefined ? [] : [[known.name.replaceAll(".", "_").toUpperCase(), known.code]],
  ),
)

/** A number, as the gateway writes it, or the name that the number has in the protocol. */
function operationOf(operation: JsonValue | undefined): JsonObject {
  const text = textOf(operation, 200) ?? "0"
  const number = byEnumName.get(text) ?? countOf(Number(text), 2 ** 31 - 1)
  if (number === undefined && /^[A-Z][A-Z0-9_]*$/.test(text)) {
    // An event type that is newer than the catalogue.
    return { operation: operationName(text.toLowerCase().replace(/_(?=[^_]*$)/, "."), "clarifai") }
  }
  const code = number ?? 0
  return { operation: operationByCode(code)?.name ?? `clarifai.event_${code}`, operationCode: code }
}

function sourceOf(address: JsonValue | undefined): JsonObject | undefined {
  const ip = textOf(address, eventLimits.sourceLength)
  return ip === undefined ? undefined : { ip }
}

function detailsOf(details: readonly JsonValue[]): readonly string[] {
  return details.flatMap(detail => textOf(detail, eventLimits.detailLength) ?? [])
}

function actorOf(user: JsonObject): JsonObject {
  const id = idOf(user.id)
  if (id === undefined) return { type: "anonymous", id: "anonymous" }
  const { id: _id, first_name, last_name, primary_email, ...attributes } = user
  const fullName = [first_name, last_name].flatMap(part => nameOf(part) ?? []).join(" ")
  return present({
    type: "user",
    id,
    name: nameOf(fullName),
    email: nameOf(primary_email),
    // Name parts stay as they were sent: two words joined cannot be taken apart again.
    attributes: fitting(present({ first_name, last_name, ...attributes }), eventLimits.attributesBytes),
  })
}

/** A target is an object with one member: its type; the value holds the id. Their order tells nothing and is kept. */
function targetsOf(target: JsonValue): JsonObject[] {
  return Object.entries(objectOf(target)).flatMap(([type, value]) => {
    const { id, name: title, ...others } = inSnakeCase(objectOf(value))
    const idText = idOf(id)
    if (idText === undefined) return []
    const telling = Object.fromEntries(Object.entries(others).filter(([, member]) => !isEmpty(member)))
    const attributes = fitting(telling, eventLimits.attributesBytes)
    return [present({ type: wordsOf(type) || "target", id: idText, name: nameOf(title), attributes })]
  })
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0)
}
