import type { AuditEvent, Status } from "@/lib/audit/event/event"
import type { Batch, OutgoingEvent } from "@/lib/sinks/sink"
import { cefLine } from "./cef"
import { facilities, type SyslogSettings } from "./settings"

/** Notice, warning and informational of RFC 5424. */
const severities: Readonly<Record<Status, number>> = { success: 6, failure: 4, denied: 4, unknown: 5 }
/** The number that RFC 5612 reserves for documentation: a name of our own that needs no registration. */
const elementId = "auditorium@32473"
const byteOrderMark = "\ufeff"

type MessageSettings = Pick<
  SyslogSettings,
  "facility" | "hostname" | "appName" | "message" | "byteOrderMark" | "messageBytes"
>

/** Returns the message with its length before it (RFC 6587, 3.4.1), or its size when it is larger than the receiver takes. */
export function frameOf(
  outgoing: OutgoingEvent,
  organization: Batch["organization"],
  settings: MessageSettings,
): Uint8Array | { readonly tooLarge: number } {
  const message = Buffer.from(messageOf(outgoing, organization, settings))
  if (message.byteLength > settings.messageBytes) return { tooLarge: message.byteLength }
  return Buffer.concat([Buffer.from(`${message.byteLength} `), message])
}

/** Returns the event as a message of RFC 5424, without framing. */
export function messageOf(
  { event, line }: OutgoingEvent,
  organization: Batch["organization"],
  settings: MessageSettings,
): string {
  const priority = facilities[settings.facility] * 8 + severities[event.status]
  const header = [
    `<${priority}>1`,
    event.occurredAt,
    word(settings.hostname === "" ? organization.slug : settings.hostname, 255),
    word(settings.appName, 48),
    "-",
    word(event.operation, 32),
  ].join(" ")
  const body =
    settings.message === "cef"
      ? cefLine(event, organization)
      : `${settings.byteOrderMark ? byteOrderMark : ""}${line}`
  return `${header} ${structuredData(event, organization)} ${body}`
}

/** What a receiver can sort by without reading the message. */
function structuredData(event: AuditEvent, organization: Batch["organization"]): string {
  const [target] = event.targets
  const parameters: readonly (readonly [string, string | undefined])[] = [
    ["id", event.id],
    ["index", String(event.index)],
    ["organization", organization.slug],
    ["operation", event.operation],
    ["status", event.status],
    ["actorType", event.actor.type],
    ["actor", event.actor.id],
    ["targetType", target?.type],
    ["target", target?.id],
    ["ip", event.source?.ipText],
  ]
  const written = parameters.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}="${parameterText(value)}"`],
  )
  return `[${[elementId, ...written].join(" ")}]`
}

/** Receivers write a message as a line, so line breaks and other control characters become spaces; the JSON has the exact text. */
function parameterText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").replace(/["\\\]]/g, "\\$&")
}

/** A header field: printable ASCII without spaces, at most so long, `-` when nothing is left. */
function word(text: string, most: number): string {
  const printable = text.replace(/[^!-~]+/g, "_").slice(0, most)
  return printable === "" ? "-" : printable
}
