import type { Status } from "@/lib/audit/event/event"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { isInsight } from "./cloudtrail-records"
import type { ForeignRecord } from "./engine/record"
import { objectOf } from "./foreign-json"
import { textOf } from "./foreign-values"

const refusals =
  /AccessDenied|Unauthorized|NotAuthorized|Forbidden|Blocked|AuthFailure|InvalidClientTokenId|ExpiredToken|SignatureDoesNotMatch/i

/**
 * Returns the outcome that a record states: by its error, else by what the service answered or told of it. An API call without an
 * error went well, by CloudTrail's own rule; other kinds of events have no such rule, and are unknown when nothing says.
 */
export function outcomeOf(record: ForeignRecord): Status {
  if (isInsight(record)) return "unknown"
  const errorCode = textOf(record.at("errorCode"), 500)
  if (errorCode !== undefined) return refusals.test(errorCode) ? "denied" : "failure"
  const answers = ["responseElements", "serviceEventDetails", "additionalEventData"].map(part =>
    objectOf(record.at(part)),
  )
  const said = worst([
    // A resource may be in any state when a call answers, so that only what the answer itself says counts there.
    ...answers.flatMap(answer => Object.values(answer).map(value => words.get(wordOf(value)))),
    ...answers.slice(1).flatMap(answer => statesIn(answer)),
    isRefused(objectOf(record.at("responseElements"))) ? "failure" : undefined,
    nameSays(record),
  ])
  if (said !== undefined && said !== "success") return said
  if (textOf(record.at("errorMessage"), 500) !== undefined) return "failure"
  return said ?? (isCall(record) ? "success" : "unknown")
}

const words: ReadonlyMap<string, Status> = new Map<string, Status>([
  ...["success", "succeeded", "successful", "succeed"].map(word => [word, "success"] as const),
  ...["failure", "failed", "fail", "error", "timedout", "aborted"].map(word => [word, "failure"] as const),
  ...["denied", "accessdenied", "unauthorized", "forbidden", "rejected"].map(
    word => [word, "denied"] as const,
  ),
])
/** In a member that is called a state, these are outcomes too. */
const stateWords: ReadonlyMap<string, Status> = new Map<string, Status>([
  ...words,
  ...["completed", "complete", "passed", "ok"].map(word => [word, "success"] as const),
  ...["cancelled", "canceled", "expired", "incomplete", "errored"].map(word => [word, "failure"] as const),
])
const stateNames = /(?:^|[a-z_-])(?:state|status|result|outcome)$/i
const deepest = 6

function statesIn(value: JsonValue, depth = 0): (Status | undefined)[] {
  if (typeof value !== "object" || value === null || depth > deepest) return []
  return Object.entries(value).flatMap(([name, member]) =>
    stateNames.test(name) && typeof member !== "object"
      ? [stateWords.get(wordOf(member))]
      : statesIn(member, depth + 1),
  )
}

/** EC2 answers `_return: false`, others `success: false`. */
function isRefused(answer: JsonObject): boolean {
  return [answer._return, answer.return, answer.success].some(value => value === false || value === "false")
}

/** Services tell the end of their own work in the event's name: `RotationFailed`. */
function nameSays(record: ForeignRecord): Status | undefined {
  const [, ending] = /([A-Z][a-z]+)$/.exec(textOf(record.at("eventName"), 1000) ?? "") ?? []
  return record.at("eventType") === "AwsServiceEvent" ? words.get(wordOf(ending)) : undefined
}

function worst(said: readonly (Status | undefined)[]): Status | undefined {
  return (["denied", "failure", "success"] as const).find(status => said.includes(status))
}

function wordOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value.toLowerCase().replaceAll(/[\s_-]/g, "") : ""
}

/** Also a record that was stored without its type: nearly all are calls. */
function isCall(record: ForeignRecord): boolean {
  return !/^AwsServiceEvent$|^AwsConsoleSignIn$|Insight/.test(textOf(record.at("eventType"), 500) ?? "")
}
