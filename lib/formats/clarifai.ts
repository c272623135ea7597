import { operationByCode } from "@/lib/audit/event/catalogue"
import { eventLimits } from "@/lib/audit/event/limits"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { arrayElements } from "./elements"
import { fitting, isObject, listOf, objectOf, parseForeignJson, present } from "./foreign-json"
import { timeOf } from "./foreign-time"
import { countOf, idOf, nameOf, textOf, wordsOf } from "./foreign-values"
import { type Format, type RecordIds, rawOf, tellRecords } from "./format"

const name = "clarifai"

/** The status code of a search that went well. */
const succeeded = 10000

/** A response of Clarifai's audit-log search (`PostAuditLogSearches`), with all its entries. */
export const clarifai: Format = {
  name,
  recognises: value => isObject(value) && isObject(value.status) && "code" in value.status,
  *read(text, { ids }) {
    const response = objectOf(parseForeignJson(text))
    const { code, description } = objectOf(response.status)
    if (code !== succeeded) {
      const said = textOf(description, 500) ?? "no description"
      throw new AppError("invalid", `Clarifai answered: ${said} (${textOf(code, 20) ?? "no code"}).`)
    }
    if (response.entries === undefined) return
    const entries = arrayElements(text, "entries")
    yield* tellRecords(entries, "entry", (entry, raw) => JSON.stringify(eventOf(entry, raw, ids)))
  },
}

function eventOf(entry: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const code = countOf(entry.operation, 2 ** 31 - 1) ?? 0
  const { details, ...time } = timeOf(entry.timestamp)
  return present({
    // Entries have no key of their own: those of one request share its id.
    id: ids.fromRaw(raw),
    ...time,
    operation: operationByCode(code)?.name ?? `clarifai.event_${code}`,
    operationCode: code,
    description: textOf(entry.description, eventLimits.descriptionLength),
    actor: actorOf(objectOf(entry.user)),
    targets: listOf(entry.targets).flatMap(targetsOf).slice(0, eventLimits.targetCount),
    details: [...details, ...detailsOf(listOf(entry.details))].slice(0, eventLimits.detailCount),
    // Some writers leave out a boolean that is false.
    status: entry.success === true ? "success" : "failure",
    source: sourceOf(entry.source_ip),
    requestId: idOf(entry.req_id),
    ...rawOf(name, raw),
  })
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
    const { id, name: title, ...others } = objectOf(value)
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
