import { operationByCode } from "@/lib/audit/event/catalogue"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { cutInstant } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import { arrayElements } from "@/lib/formats/elements"
import { isObject, listOf, objectOf, parseForeignJson, present, textOf } from "@/lib/formats/foreign-json"
import { type Format, type RecordIds, rawOf } from "@/lib/formats/format"

const name = "clarifai"

/** The status code of a search that went well. */
const succeeded = 10000

/** A response of Clarifai's audit-log search (`PostAuditLogSearches`), with all its entries. */
export const clarifai: Format = {
  name,
  recognises: value => isObject(value) && Array.isArray(value.entries) && isObject(value.status),
  *read(text, { ids }) {
    const response = objectOf(parseForeignJson(text))
    const { code, description } = objectOf(response.status)
    if (code !== succeeded) {
      throw new AppError(
        "invalid",
        `Clarifai answered: ${textOf(description, 500) ?? "no description"} (${code}).`,
      )
    }
    let number = 0
    for (const raw of arrayElements(text, "entries")) {
      number++
      const position = `entry ${number}`
      const entry = parseForeignJson(raw)
      if (!isObject(entry)) throw new AppError("invalid", `The ${position} is not an object.`)
      yield { position, event: JSON.stringify(eventOf(entry, raw, ids)) }
    }
  },
}

function eventOf(entry: JsonObject, raw: string, ids: RecordIds): JsonObject {
  const code = typeof entry.operation === "number" ? entry.operation : 0
  return present({
    // Entries have no key of their own: those of one request share its id.
    id: ids.fromRaw(raw),
    occurredAt: occurredAtOf(entry.timestamp),
    operation: operationByCode(code)?.name ?? `clarifai.event_${code}`,
    operationCode: code,
    description: textOf(entry.description, 2000),
    actor: actorOf(objectOf(entry.user)),
    targets: listOf(entry.targets).slice(0, 20).flatMap(targetsOf),
    details: listOf(entry.details)
      .slice(0, 64)
      .flatMap(detail => textOf(detail, 2000) ?? []),
    status: statusOf(entry.success),
    source: entry.source_ip === undefined ? undefined : present({ ip: textOf(entry.source_ip, 512) }),
    requestId: textOf(entry.req_id, 512),
    ...rawOf(name, raw),
  })
}

function occurredAtOf(value: JsonValue | undefined): string | undefined {
  const text = textOf(value, 100)
  if (text === undefined) return undefined
  const parsed = cutInstant(text)
  return parsed.ok && !parsed.assumedZone ? parsed.instant : text
}

/** `success` is a boolean that is left out by some writers when it is false. */
function statusOf(success: JsonValue | undefined): string {
  return success === true ? "success" : "failure"
}

function actorOf(user: JsonObject): JsonObject {
  const id = textOf(user.id, 512)
  if (id === undefined) return { type: "anonymous", id: "anonymous" }
  const { id: _id, first_name, last_name, ...attributes } = user
  const fullName = [textOf(first_name, 128), textOf(last_name, 127)]
    .filter(part => part !== undefined)
    .join(" ")
  return present({
    type: "user",
    id,
    name: fullName === "" ? undefined : fullName,
    email: textOf(user.primary_email, 256),
    role: textOf(user.job_role, 256),
    attributes: Object.keys(attributes).length === 0 ? undefined : attributes,
  })
}

/** A target is an object with one member: its type; the value holds the id. The order tells nothing and is kept. */
function targetsOf(target: JsonValue): JsonObject[] {
  return Object.entries(objectOf(target)).flatMap(([type, value]) => {
    const { id, ...attributes } = objectOf(value)
    const idText = textOf(id, 512)
    if (idText === undefined) return []
    const telling = Object.fromEntries(Object.entries(attributes).filter(([, member]) => !isEmpty(member)))
    return [
      present({ type, id: idText, attributes: Object.keys(telling).length === 0 ? undefined : telling }),
    ]
  })
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0)
}
