import { type Actor, actorTypes, type Person } from "@/lib/audit/event/event"
import { eventLimits } from "@/lib/audit/event/limits"
import type { Fields } from "./fields"
import { present } from "./present"

const personFields = ["type", "id", "name", "email", "role", "attributes"]
const onBehalfOfFields = new Set(personFields)
const actorFields = new Set([...personFields, "onBehalfOf", "credential", "sessionHash"])
const credentialFields = new Set(["type", "id", "name"])
const secretFields = new Map([
  ["sessionId", "must not be sent; send its SHA-256 in hexadecimal as sessionHash"],
  ["token", "must not be sent: a log holds no secrets"],
  ["password", "must not be sent: a log holds no secrets"],
])

/** Reads who acted, on whose behalf and with which credential. */
export function readActor(fields: Fields): Actor {
  const actor = fields.object("actor")
  if (actor === undefined) {
    if (!fields.has("actor")) fields.fault("actor", "is required")
    return { type: "anonymous", id: "anonymous" }
  }
  actor.allowOnly(actorFields, secretFields)
  const onBehalfOf = actor.object("onBehalfOf")
  onBehalfOf?.allowOnly(onBehalfOfFields)
  const credential = actor.object("credential")
  credential?.allowOnly(credentialFields, secretFields)
  return present({
    ...readPerson(actor),
    onBehalfOf: onBehalfOf && present(readPerson(onBehalfOf)),
    credential:
      credential &&
      present({
        type: credential.required("type", eventLimits.typeLength),
        id: credential.required("id", eventLimits.idLength),
        name: credential.text("name", eventLimits.nameLength),
      }),
    sessionHash: readSessionHash(actor),
  })
}

function readPerson(person: Fields): Person {
  const type = person.choice("type", actorTypes) ?? "anonymous"
  const nameless = type === "anonymous" && !person.has("id")
  return {
    type,
    id: nameless ? "anonymous" : person.required("id", eventLimits.idLength),
    name: person.text("name", eventLimits.nameLength),
    email: person.text("email", eventLimits.nameLength),
    role: person.text("role", eventLimits.nameLength),
    attributes: person.freeObject("attributes", eventLimits.attributesBytes),
  }
}

function readSessionHash(actor: Fields): string | undefined {
  const hash = actor.text("sessionHash", eventLimits.idLength)
  if (hash === undefined) return undefined
  if (!/^[0-9a-f]{64}$/i.test(hash))
    actor.fault("sessionHash", "must be a SHA-256 in hexadecimal, 64 characters")
  return hash.toLowerCase()
}
