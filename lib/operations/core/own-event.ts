import type { Principal } from "@/lib/access/principal"
import { describeOperation } from "@/lib/audit/event/catalogue"
import type { Actor, PreparedEvent } from "@/lib/audit/event/event"
import { faultsOfOwn } from "@/lib/audit/event/parse"
import { newId } from "@/lib/audit/ids"
import { instantFromDate } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import type { About, Caller, Outcome } from "./operation"

/** An action or refusal of the console, before it is known to whose log it is written. */
export interface OwnDoing {
  readonly operation: string
  readonly caller: Caller
  readonly about: About
  readonly outcome: Outcome
}

/** The destination of a console event: a log, and the app that represents the console in it. */
export interface OwnLog {
  readonly organizationId: string
  readonly builtInAppId: string
}

/**
 * Returns a new event of the console for one log. Throws AppError `internal` for one that exceeds the limits of an
 * event.
 */
export function prepareOwnEvent(doing: OwnDoing, log: OwnLog): PreparedEvent {
  const content = contentOf(doing, log)
  const [fault] = faultsOfOwn(content)
  if (fault) {
    const where = `${fault.pointer} ${fault.message}`.trim()
    throw new AppError("internal", `The event of ${doing.operation} cannot be kept: ${where}.`)
  }
  return { raw: null, content }
}

function contentOf({ operation, caller, about, outcome }: OwnDoing, log: OwnLog): PreparedEvent["content"] {
  const known = describeOperation(operation)
  return {
    id: newId(caller.at.getTime()),
    organizationId: log.organizationId,
    appId: log.builtInAppId,
    occurredAt: instantFromDate(caller.at),
    occurredAtAssumed: "none",
    operation,
    ...(known.code !== undefined && { operationCode: known.code }),
    family: known.family,
    description: about.description ?? known.description,
    actor: actorOf(caller.principal, about),
    targets: about.targets,
    status: outcome.status,
    ...(outcome.statusMessage !== undefined && { statusMessage: outcome.statusMessage }),
    ...(caller.source && { source: caller.source }),
    requestId: caller.requestId,
    details: about.details ?? [],
    changes: about.changes ?? [],
    metadata: about.metadata ?? {},
  }
}

/**
 * Returns the ids of the organizations whose logs get the event, each once, sorted so that two writers never
 * deadlock.
 */
export function organizationsOf({ caller, about }: Pick<OwnDoing, "caller" | "about">): readonly string[] {
  const own = caller.principal.organization?.id
  return [...new Set(about.organizationIds ?? (own === undefined ? [] : [own]))].sort()
}

/** Returns the caller as the actor of an event. `about` may name an actor who was anonymous when they called. */
export function actorOf(principal: Principal, about: Pick<About, "actor"> = {}): Actor {
  switch (principal.kind) {
    case "person": {
      const { personId, name, email, sessionHash } = principal
      return { type: "user", id: personId, name, email, sessionHash }
    }
    case "api-key":
      return { type: "api_key", id: principal.keyId, name: principal.name }
    case "job":
      return { type: "system", id: principal.name, name: principal.name }
    case "anonymous":
      return actorSaid(about.actor)
  }
}

function actorSaid(said: About["actor"]): Actor {
  if (!said) return { type: "anonymous", id: "anonymous" }
  const { id, ...names } = said
  return id === null ? { ...names, type: "anonymous", id: "anonymous" } : { ...names, type: "user", id }
}
