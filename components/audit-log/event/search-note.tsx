import type { AuditEvent } from "@/lib/audit/event/event"
import { cutParts, type SearchedPart, searchShares } from "@/lib/audit/event/search-text"

const words: Readonly<Record<SearchedPart, string>> = {
  operation: "operation",
  actor: "actor",
  onBehalfOf: "person acted for",
  source: "source",
  requestId: "request id",
  targets: "targets",
  sentence: "sentence",
  description: "description",
}

/** Lists which parts of an event a text search does not cover: those never searched, and those that are too long. */
export function SearchNote({ event }: { readonly event: AuditEvent }) {
  return (
    <p className="text-xs text-pretty text-muted-foreground">
      {cutParts(event).map(part => (
        <span key={part}>
          Only {searchShares[part].toLocaleString("en")} characters of the {words[part]} are searched by text.{" "}
        </span>
      ))}
      A text search does not look in details, changes, metadata, attributes, the user agent or the original.
    </p>
  )
}
