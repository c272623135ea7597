import { FaultList } from "@/lib/audit/faults"
import type { JsonValue } from "@/lib/audit/json/value"
import {
  bool,
  boolValue,
  eventType,
  type Field,
  int32,
  list,
  message,
  text,
  timestamp,
  uint32,
} from "./json-fields"
import type { SentRequest, SentResource } from "./messages"
import { invalidRequest } from "./read-search"
import { type ClarifaiTargetType, type TargetType, targetTypes } from "./target-types"

/** The members of a target besides its id. They are in the entries that we answer, and select nothing. */
function shownBeside({
  type,
  hasName,
  hasApp,
  lists = [],
}: TargetType): Readonly<Record<string, Field<unknown>>> {
  return {
    ...(hasName && { name: text }),
    ...(hasApp && { app_id: text }),
    ...Object.fromEntries(lists.map(name => [name, list(text)])),
    ...(type === "user" && {
      ...{ first_name: text, last_name: text, company_name: text, job_title: text, job_role: text },
      ...{ intention: text, created_at: timestamp, visibility: message({ gettable: int32 }) },
    }),
  }
}

// The one cast of this file: the list has a line for every type.
const targetFields = Object.fromEntries(
  targetTypes.map(type => [type.type, message({ ...shownBeside(type), id: text })]),
) as Readonly<Record<ClarifaiTargetType, Field<SentResource>>>

const request = message({
  user_app_id: message({ user_id: text, app_id: text }),
  query: message({
    timestamp_from: timestamp,
    timestamp_to: timestamp,
    user_ids: list(text),
    operations: list(eventType),
    targets: list(message(targetFields)),
    success: boolValue,
    source_ips: list(text),
  }),
  sort_ascending: bool,
  pagination: message({ page: uint32, per_page: uint32 }),
})

/** Returns the request in a body. Throws AppError `invalid` with a pointer for every fault. */
export function requestOfJson(body: JsonValue): SentRequest {
  const faults = new FaultList()
  const sent = request(body, "", faults)
  if (!faults.isEmpty || sent === undefined) throw invalidRequest(faults)
  return sent
}
