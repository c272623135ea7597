import { type ActParts, partsOfAct, pluralOf, withArticle } from "./acts"
import { operationByName } from "./catalogue"
import type { AuditEvent, Status, Target } from "./event"
import { labelOf, type Pieces, type Sentence } from "./sentence"

/** The parts of an event that its sentence is made of. */
export type SentenceContent = Pick<AuditEvent, "operation" | "description" | "actor" | "targets" | "status">

/** More targets than this are counted instead of named. */
const mostNamed = 3

/**
 * Returns the sentence composed from the catalogue's act, the targets and the outcome; null when the description is the
 * producer's own, or the operation is not in the catalogue. It is only displayed and searched: the stored description
 * stays.
 */
export function sentenceOf(content: SentenceContent): Sentence | null {
  const known = operationByName(content.operation)
  if (!known || known.description !== content.description) return null
  const act = partsOfAct(known.act)
  return { who: whoOf(content.actor), did: outcomeOf(act, content.status, thingsOf(act, content)) }
}

function whoOf({ onBehalfOf, ...actor }: SentenceContent["actor"]): Pieces {
  if (!onBehalfOf) return ["", labelOf(actor), " "]
  return ["", labelOf(actor), ", acting as ", labelOf(onBehalfOf), ", "]
}

function outcomeOf({ verb, past }: ActParts, status: Status, things: Pieces): Pieces {
  switch (status) {
    case "success":
      return joined([past], things)
    case "denied":
      return joined([`was refused to ${verb}`], things)
    case "failure":
      return joined([`tried to ${verb}`], things, [" and failed"])
    case "unknown":
      return joined([`tried to ${verb}`], things, [", with unknown outcome"])
  }
}

function thingsOf({ verb, noun }: ActParts, { operation, actor, targets }: SentenceContent): Pieces {
  const resource = operation.slice(0, operation.lastIndexOf("."))
  if (noun === null) {
    const other = targets.find(({ type, id }) => type === "user" && id !== actor.id)
    return other ? [" for user ", labelOf(other), ""] : [""]
  }
  const objects = objectsOf(resource, targets)
  if (objects.length === 0 && collective.has(verb)) return [` ${pluralOf(noun)}`]
  const around = targets.filter(({ type }) => type !== objects[0]?.type && isContainer(resource, type))
  const container = around.find(({ type }) => resource === `${type}_version`) ?? around[0]
  return joined(named(noun, objects), container ? placeOf(verb, resource, container) : [""])
}

/** Done to all things of a kind, where none is named. */
const collective = new Set(["list", "watch"])

/** The objects of the act: the targets of the resource's own type, else those with the type of the first one. */
function objectsOf(resource: string, targets: readonly Target[]): readonly Target[] {
  const own = targets.filter(({ type }) => type === resource)
  if (own.length > 0) return own
  const others = targets.filter(({ type }) => !isContainer(resource, type))
  const [first] = others
  return first ? others.filter(({ type }) => type === first.type) : []
}

function named(noun: string, objects: readonly Target[]): Pieces {
  const [first, ...rest] = objects
  if (!first) return [` ${withArticle(noun)}`]
  if (rest.length === 0) return [` ${noun} `, labelOf(first), ""]
  if (objects.length > mostNamed) return [` ${objects.length} ${pluralOf(noun)}`]
  const between = (index: number) => (index === rest.length - 1 ? " and " : ", ")
  const others = rest.flatMap((target, index) => [between(index), labelOf(target)])
  return [` ${pluralOf(noun)} `, labelOf(first), ...others, ""]
}

/** Types of targets that contain others. */
const containers: Readonly<Record<string, string>> = {
  app: "application",
  application: "application",
  group: "group",
  team: "team",
  organization_team: "organization team",
  project: "project",
  user: "user",
}

/** Resources that are people. */
const people = /^(user|collaborator|organization_member|organization_team_member)$/

function isContainer(resource: string, type: string): boolean {
  if (resource === `${type}_version`) return true
  // The resource of a captured call is named as in its path: `projects`.
  if (type === resource || `${type}s` === resource || !Object.hasOwn(containers, type)) return false
  if (type === "user") return !people.test(resource)
  // Some products call a team of an organization a group; what is added to it may be an application.
  if (/^(group|team|organization_team)$/.test(type)) return /^organization_team_/.test(resource)
  return resource !== "organization_team_app" && resource !== "application"
}

function placeOf(verb: string, resource: string, container: Target): Pieces {
  const { type } = container
  if (resource === `${type}_version`) return [` of ${type.replaceAll("_", " ")} `, labelOf(container), ""]
  const preposition = type === "user" ? "for" : verb === "add" ? "to" : verb === "remove" ? "from" : "in"
  return [` ${preposition} ${containers[type] ?? type} `, labelOf(container), ""]
}

/** Joins pieces: adjacent words become one piece, so that words and values keep alternating. */
function joined(...all: readonly Pieces[]): Pieces {
  return all.reduce((whole, next) => [
    ...whole.slice(0, -1),
    `${whole.at(-1) ?? ""}${next[0] ?? ""}`,
    ...next.slice(1),
  ])
}
