import type { AuditEvent, Status } from "@/lib/audit/event/event"

// ArcSight Common Event Format, version 0: `CEF:0|vendor|product|version|id|name|severity|extension`.

const severities: Readonly<Record<Status, number>> = { success: 3, unknown: 5, failure: 6, denied: 7 }

/** Returns the event as one line of CEF. What CEF has no key for stands in custom strings with a label. */
export function cefLine(event: AuditEvent, organization: { readonly slug: string }): string {
  const { actor, targets, source, http } = event
  const [target] = targets
  const extension: readonly (readonly [string, string | number | undefined])[] = [
    ["rt", Date.parse(`${event.occurredAt.slice(0, 23)}Z`)],
    ["externalId", event.id],
    ["act", event.operation],
    ["cat", event.family],
    ["outcome", event.status],
    ["reason", event.statusMessage],
    ["suid", actor.id],
    ["suser", actor.name ?? actor.email],
    // CEF has a place for IPs and one for names of hosts.
    ["src", source?.ip ?? undefined],
    ["shost", source === undefined || source.ip !== null ? undefined : source.ipText],
    ["requestClientApplication", source?.userAgent],
    ["requestMethod", http?.method],
    ["request", http?.path],
    ["msg", event.description],
    ...labelled("cs1", "organization", organization.slug),
    ...labelled("cs2", "targetType", target?.type),
    ...labelled("cs3", "targetId", target?.id),
    ...labelled("cs4", "targetName", target?.name),
    ...labelled("cs5", "actorType", actor.type),
    ...labelled("cs6", "requestId", event.requestId),
    ...labelled("cn1", "index", event.index),
  ]
  const header = ["CEF:0", "Auditorium", "Auditorium", "1", event.operation, event.description].map(
    headerText,
  )
  const members = extension.flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [`${key}=${extensionText(String(value))}`],
  )
  return [...header, severities[event.status], members.join(" ")].join("|")
}

function labelled(key: string, label: string, value: string | number | undefined) {
  return value === undefined
    ? []
    : ([
        [`${key}Label`, label],
        [key, value],
      ] as const)
}

/** A header has no way to write a line break. */
function headerText(text: string): string {
  return text.replace(/[\\|]/g, "\\$&").replace(/[\r\n\u0085\u2028\u2029]+/g, " ")
}

function extensionText(text: string): string {
  return text
    .replace(/[\\=]/g, "\\$&")
    .replace(/\r\n|[\n\u0085\u2028\u2029]/g, "\\n")
    .replaceAll("\r", "\\r")
}
