import type { AuditEvent } from "@/lib/audit/event/event"

/** An event as the panel and its own page show it. */
export interface ShownEvent {
  readonly event: AuditEvent
  /** The original bytes of an imported event, in base64. */
  readonly raw: string | null
  readonly app: { readonly id: string; readonly slug: string; readonly name: string } | null
}

/** Returns the original record as text, or null when its bytes are not UTF-8. */
export function readOriginal(base64: string): string | null {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
