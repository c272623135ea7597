import type { EventInput, PersonInput } from "@/lib/audit/event/input"
import { cutText } from "./clean"
import { hideInEvent, mayHoldSecretInEvent } from "./floor"
import { isOperation, operationOf } from "./operations"

/** What is cut may look like a secret that it was not, and what is hidden may be longer than what it stands for. */
const mostRounds = 4

/** Returns the event without its secrets, and with its texts no longer than the API takes them. */
export function withoutSecrets(event: EventInput): EventInput {
  let shown = event
  for (let round = 0; round < mostRounds; round += 1) {
    const { event: hidden } = hideInEvent(shown)
    if (hidden === shown && round > 0) return shown
    shown = fitted(hidden)
    if (shown === hidden && round === 0) return shown
  }
  return shown
}

/** Returns the same event as JSON. It has no original yet. */
export function textWithoutSecrets(event: EventInput): string {
  const json = JSON.stringify(event)
  return isLong(event) || mayHoldSecretInEvent(event, json) ? JSON.stringify(withoutSecrets(event)) : json
}

/** Tells whether a text of the event is longer than its member allows. Nearly none is, and looking costs less than copying. */
function isLong({ operation, actor, targets, statusMessage, requestId, source, http }: EventInput): boolean {
  const { credential, onBehalfOf } = actor
  return (
    !isOperation(operation) ||
    isLongPerson(actor) ||
    (onBehalfOf ? isLongPerson(onBehalfOf) : false) ||
    (credential
      ? over(credential.type, 128) || over(credential.id, 512) || over(credential.name, 256)
      : false) ||
    (targets?.some(({ type, id, name }) => over(type, 128) || over(id, 512) || over(name, 256)) ?? false) ||
    over(statusMessage, 2000) ||
    over(requestId, 512) ||
    over(source?.ip, 512) ||
    over(source?.userAgent, 1024) ||
    over(http?.method, 32) ||
    over(http?.path, 2048) ||
    over(http?.route, 2048)
  )
}

function isLongPerson({ id, name, email, role }: PersonInput): boolean {
  return over(id, 512) || over(name, 256) || over(email, 256) || over(role, 256)
}

function over(text: string | null | undefined, maximum: number): boolean {
  return typeof text === "string" && text.length > maximum
}

/** Returns the event with its texts cut to the lengths of their members; the same object when none is longer. */
function fitted(event: EventInput): EventInput {
  if (!isLong(event)) return event
  const cut = <Text extends string | null | undefined>(text: Text, maximum: number): Text => {
    if (typeof text !== "string" || text.length <= maximum) return text
    return cutText(text, maximum) as Text
  }
  const person = <Whole extends PersonInput>(whole: Whole): Whole => ({
    ...whole,
    id: cut(whole.id, 512),
    name: cut(whole.name, 256),
    email: cut(whole.email, 256),
    role: cut(whole.role, 256),
  })
  const { actor, source, http } = event
  const { credential, onBehalfOf } = actor
  return {
    ...event,
    operation: operationOf([event.operation]),
    actor: {
      ...person(actor),
      ...(onBehalfOf ? { onBehalfOf: person(onBehalfOf) } : {}),
      ...(credential
        ? {
            credential: {
              type: cut(credential.type, 128),
              id: cut(credential.id, 512),
              ...(credential.name ? { name: cut(credential.name, 256) } : {}),
            },
          }
        : {}),
    },
    targets: event.targets?.map(target => ({
      ...target,
      type: cut(target.type, 128),
      id: cut(target.id, 512),
      ...(target.name ? { name: cut(target.name, 256) } : {}),
    })),
    statusMessage: cut(event.statusMessage, 2000),
    requestId: cut(event.requestId, 512),
    source: source && { ...source, ip: cut(source.ip, 512), userAgent: cut(source.userAgent, 1024) },
    http: http && {
      ...http,
      method: cut(http.method, 32),
      path: cut(http.path, 2048),
      route: cut(http.route, 2048),
    },
  }
}
