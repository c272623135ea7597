import type { Actor, AuditEvent } from "@/lib/audit/event/event"
import { isArray, isObject, type JsonObject, type JsonValue, present } from "@/lib/audit/json/value"
import { redactedIdentity } from "@/lib/formats/write/clearml"

/** A shorter name or id is replaced only where it is a whole text: within others it would be a part of any word. */
const shortestWithin = 3

/**
 * Returns the event without anything that tells who acted, or for whom: the actor has its type alone, as under a policy that
 * redacts identities, and everywhere else in the event its names, emails and ids are replaced. The ip stays.
 */
export function withoutIdentity(event: AuditEvent): AuditEvent {
  const { actor } = event
  if (actor.type === "anonymous" && !actor.onBehalfOf) return { ...event, actor: redactedActor(actor) }
  const people = [actor, ...(actor.onBehalfOf ? [actor.onBehalfOf] : [])]
  const hide = hiding([...people.flatMap(({ id, name, email }) => [id, name, email]), actor.credential?.id])
  const { targets, http, changes, details, metadata, source, description, statusMessage, sourceId } = event
  return present({
    ...event,
    actor: redactedActor(actor),
    targets: targets.map(target =>
      present({
        type: target.type,
        id: hide.text(target.id),
        name: target.name === undefined ? undefined : hide.text(target.name),
        attributes: target.attributes && hide.object(target.attributes),
      }),
    ),
    sourceId: sourceId === undefined ? undefined : hide.text(sourceId),
    description: hide.text(description),
    statusMessage: statusMessage === undefined ? undefined : hide.text(statusMessage),
    source: source && present({ ...source, userAgent: source.userAgent && hide.text(source.userAgent) }),
    http:
      http &&
      present({
        ...http,
        path: http.path && hide.text(http.path),
        route: http.route && hide.text(http.route),
      }),
    details: details.map(hide.text),
    changes: changes.map(change => ({
      path: hide.text(change.path),
      before: hide.json(change.before),
      after: hide.json(change.after),
    })),
    metadata: hide.object(metadata),
  })
}

function redactedActor({ type, onBehalfOf }: Actor): Actor {
  return {
    type,
    id: redactedIdentity,
    ...(onBehalfOf && { onBehalfOf: { type: onBehalfOf.type, id: redactedIdentity } }),
  }
}

/** Returns functions that replace these words, which tell who somebody is. */
function hiding(given: readonly (string | undefined)[]) {
  const words = [...new Set(given)]
    .filter(word => word !== undefined)
    .filter(word => word !== "" && word !== redactedIdentity)
  const whole = new Set(words.map(word => word.toLowerCase()))
  const within = withinTexts(words.filter(word => word.length >= shortestWithin))

  const text = (value: string): string => {
    if (whole.has(value.toLowerCase())) return redactedIdentity
    return within === null ? value : value.replace(within, redactedIdentity)
  }
  const json = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return text(value)
    // An id that is a number here and a text there is still the id.
    if (typeof value === "number")
      return isLongNumber(value) && whole.has(String(value)) ? redactedIdentity : value
    if (isArray(value)) return value.map(json)
    return isObject(value) ? object(value) : value
  }
  const object = (value: JsonObject): JsonObject => {
    const shown: [string, JsonValue][] = []
    const taken = new Set<string>()
    for (const [name, member] of Object.entries(value)) {
      const hidden = text(name)
      // Two names can become one; no member is lost by that.
      let free = hidden
      for (let number = 2; taken.has(free); number++) free = `${hidden} ${number}`
      taken.add(free)
      shown.push([free, json(member)])
    }
    return Object.fromEntries(shown)
  }
  return { text, json, object }
}

function isLongNumber(value: number): boolean {
  return String(value).length >= shortestWithin
}

/** Returns an expression that finds the words, also percent-encoded, where no letter or digit is next to them. */
function withinTexts(words: readonly string[]): RegExp | null {
  const spellings = words.flatMap(word => [word, encodeURIComponent(word.toWellFormed())])
  if (spellings.length === 0) return null
  const longestFirst = [...new Set(spellings)].sort((one, other) => other.length - one.length)
  const either = longestFirst.map(word => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|")
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${either})(?![\\p{L}\\p{N}])`, "giu")
}
