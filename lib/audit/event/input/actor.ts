import { type Actor, actorTypes, type Person } from "@/lib/audit/event/event"
import type { ActorInput, CredentialInput, EventInput, PersonInput } from "@/lib/audit/event/input"
import { eventLimits } from "@/lib/audit/event/limits"
import { present } from "@/lib/audit/json/value"
import { type Fields, namesOf } from "./fields"

const person = { type: true, id: true, name: true, email: true, role: true, attributes: true } as const
const onBehalfOfFields = namesOf<PersonInput>(person)
const actorFields = namesOf<ActorInput>({ ...person, onBehalfOf: true, credential: true, sessionHash: true })
const credentialFields = namesOf<CredentialInput>({ type: true, id: true, name: true })
const secretFields = new Map([
  ["sessionId", "must not be sent; send its SHA-256 in hexadecimal as sessionHash"],
  ["token", "must not be sent: a log holds no secrets"],
  ["password", "must not be sent: a log holds no secrets"],
])

/** Reads who acted, on whose behalf and with which credential. */
export function readActor(fields: Fields<EventInput>): Actor {
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

function readPerson(person: Fields<PersonInput>): Person {
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

function readSessionHash(actor: Fields<ActorInput>): string | undefined {
  const hash = actor.text("sessionHash", eventLimits.idLength)
  if (hash === undefined) return undefined
  if (!/^[0-9a-f]{64}$/i.test(hash))
    actor.fault("sessionHash", "must be a SHA-256 in hexadecimal, 64 characters")
  return hash.toLowerCase()
}
