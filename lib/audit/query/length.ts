import type { AuditQuery } from "./query"
import { writeQuery } from "./write"

/**
 * The limits of a query in a url. The server takes 8 KiB and 200 parameters; the rest is for the path, the cursor of a
 * further page and what the page itself adds.
 */
const most = { bytes: 7 * 1024, parameters: 190 }

/** Returns why a query is too large for a url, as the end of a sentence; null when it fits. */
export function lengthFault(query: AuditQuery): string | null {
  const written = writeQuery(query)
  const isTooLarge = written.toString().length > most.bytes || written.size > most.parameters
  return isTooLarge
    ? "is more than an address can hold beside the other filters. Larger queries go to POST /api/v1/events/search"
    : null
}
