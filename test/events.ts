import { randomUUID } from "node:crypto"
import type { PreparedEvent } from "@/lib/audit/event/event"
import type { Finding } from "@/lib/audit/store"
import { assertInstant, type Instant } from "@/lib/audit/time/instant"

type Content = PreparedEvent["content"]

/** Returns an event as the parser returns it, of this organization, with `content` over the defaults. */
export function prepareTestEvent(
  organization: { readonly id: string; readonly appId: string },
  content: Partial<Content> = {},
  raw: Uint8Array | null = null,
): PreparedEvent {
  return {
    content: {
      id: randomUUID(),
      organizationId: organization.id,
      appId: organization.appId,
      occurredAt: instant("2026-11-20T10:11:12.345678Z"),
      occurredAtAssumed: "none",
      operation: "workflow_version.create",
      operationCode: 403,
      family: "workflow",
      description: "Ada created version 7 of the workflow Invoices",
      actor: { type: "user", id: "ada", name: "Ada Lovelace", email: "ada@example.com" },
      targets: [{ type: "workflow", id: "invoices", name: "Invoices" }],
      status: "success",
      source: { ip: "192.0.2.7", ipText: "192.0.2.7", userAgent: "test" },
      requestId: "request-1",
      details: [],
      changes: [],
      metadata: {},
      ...content,
    },
    raw,
  }
}

/** Returns several of them, each with its own id and number. */
export function prepareTestEvents(
  organization: { readonly id: string; readonly appId: string },
  count: number,
  content: (position: number) => Partial<Content> = () => ({}),
): readonly PreparedEvent[] {
  return Array.from({ length: count }, (_, position) =>
    prepareTestEvent(organization, { description: `Event ${position}`, ...content(position) }),
  )
}

/** Returns the event that was found, with its original bytes, or null when none was. */
export function foundOf(finding: Finding): Extract<Finding, { readonly kind: "found" }> | null {
  return finding.kind === "found" ? finding : null
}

/** Returns the text as an Instant. Throws when it is not one. */
export function instant(text: string): Instant {
  return assertInstant(text)
}
