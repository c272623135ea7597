import { Buffer } from "node:buffer"
import { isObject } from "@/lib/audit/json/value"
import type { OutboundAnswer } from "@/lib/outbound/outbound"
import { jsonOf, shown, troubleOfStatus, wordsOf } from "@/lib/sinks/http"
import type { ItemResult, SinkTrouble } from "@/lib/sinks/sink"

/** What one answer says about one event. `trouble` is set where only an administrator can help: nothing is lost until then. */
export type Judgement =
  | "taken"
  | { readonly refused: string }
  | { readonly retry: string; readonly trouble: SinkTrouble }

/** What an answer says about everything that was sent with the request, or, for a bulk write, event by event. */
export type JudgedAnswer =
  | { readonly whole: Judgement }
  /** In the order of what was sent; null where the answer does not say. */
  | { readonly items: readonly (Judgement | null)[] }

/** Refusals that are about the place and not about the event. */
const placeErrors: ReadonlySet<unknown> = new Set([
  "invalid_index_name_exception",
  "index_closed_exception",
  "index_not_found_exception",
  "cluster_block_exception",
  "security_exception",
  "invalid_alias_name_exception",
])

/** Returns what an answer to a bulk write says. HTTP 200 says nothing by itself: the items do. */
export function judgeBulk(
  answer: OutboundAnswer,
  documentIds: readonly string[],
  secrets: readonly string[],
): JudgedAnswer {
  if (answer.status !== 200) return { whole: judgeRequest(answer, secrets) }
  const items = itemsOf(answer)
  if (items === null)
    return {
      whole: { retry: `Answered 200 with something that is no answer to a bulk write`, trouble: "later" },
    }
  const byId = new Map<string, Judgement | null>()
  for (const item of items) {
    const { _id: id } = item
    if (typeof id !== "string") continue
    // Two answers about one document that are not the same say nothing.
    const judgement = judgeItem(item, secrets)
    const earlier = byId.get(id)
    byId.set(
      id,
      earlier === undefined || JSON.stringify(earlier) === JSON.stringify(judgement) ? judgement : null,
    )
  }
  return { items: documentIds.map(id => byId.get(id) ?? null) }
}

/** Returns what an answer to the write of one document says. */
export function judgeDocument(answer: OutboundAnswer, secrets: readonly string[]): Judgement {
  if ([200, 201].includes(answer.status)) {
    const body = jsonOf(answer)
    return isObject(body) && typeof body._id === "string"
      ? "taken"
      : { retry: `Answered ${answer.status} with something that is no answer to a write`, trouble: "later" }
  }
  // Only the document itself: a conflict is what a repeated write gets.
  if (answer.status === 409 && errorOf(jsonOf(answer))?.type === "version_conflict_engine_exception")
    return "taken"
  return judgeRequest(answer, secrets)
}

function judgeRequest(answer: OutboundAnswer, secrets: readonly string[]): Judgement {
  const { status } = answer
  const error = errorOf(jsonOf(answer))
  const words =
    error === null ? wordsOf(answer, secrets) : `Answered ${status}: ${wordsOfError(error, secrets)}`
  if (status === 413) return { refused: words }
  const trouble = troubleOfStatus(status)
  if (trouble !== null) return { retry: words, trouble }
  if (status < 300) return { retry: words, trouble: "later" }
  // A refusal in other words comes from something that is not Elasticsearch, and is not about the event.
  if (error === null || placeErrors.has(error.type)) return { retry: words, trouble: "configuration" }
  return { refused: words }
}

interface Item {
  readonly _id?: unknown
  readonly status?: unknown
  readonly error?: unknown
}

function judgeItem(item: Item, secrets: readonly string[]): Judgement | null {
  const { status } = item
  if (typeof status !== "number" || !Number.isInteger(status)) return null
  const error = isObject(item.error) ? item.error : null
  if (status === 200 || status === 201) return error === null ? "taken" : null
  // `create` finds the document that an earlier attempt has stored.
  if (status === 409) return "taken"
  const words = `${status} ${error === null ? "without a reason" : wordsOfError(error, secrets)}`
  const isPlace = placeErrors.has(error?.type)
  const trouble = troubleOfStatus(status) ?? (isPlace ? "configuration" : null)
  if (trouble !== null) return { retry: words, trouble: trouble === "gone" ? "configuration" : trouble }
  return status >= 400 ? { refused: words } : null
}

interface ElasticError {
  readonly type?: unknown
  readonly reason?: unknown
}

function errorOf(body: unknown): ElasticError | null {
  return isObject(body) && isObject(body.error) ? body.error : null
}

function wordsOfError({ type, reason }: ElasticError, secrets: readonly string[]): string {
  return shown([type, reason].filter(part => typeof part === "string").join(": "), secrets)
}

/** Returns the items of an answer, of one that was cut those that are whole; null when it has none. */
function itemsOf(answer: OutboundAnswer): readonly Item[] | null {
  if (answer.isCut) return itemsBeforeCut(Buffer.from(answer.body).toString("utf8"))
  const body = jsonOf(answer)
  if (!isObject(body) || !Array.isArray(body.items)) return null
  return body.items.map(itemOf)
}

/** Every action is answered by an object with its name: `{"create": {...}}`. */
function itemOf(action: unknown): Item {
  return isObject(action) && isObject(action.create) ? action.create : {}
}

function itemsBeforeCut(text: string): readonly Item[] | null {
  const begin = /"items"\s*:\s*\[/.exec(text)
  if (begin === null) return null
  const items: Item[] = []
  let [start, depth] = [0, 0]
  const token = /"(?:[^"\\]|\\.)*"|[{}\]]/gs
  token.lastIndex = begin.index + begin[0].length
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match
    if (found === "]" && depth === 0) break
    if (found === "{" && depth++ === 0) start = match.index
    if (found === "}" && --depth === 0) items.push(itemOf(parsed(text.slice(start, token.lastIndex))))
  }
  return items
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns the result of an event whose judgement is final for this attempt. */
export function resultOf(judgement: Judgement): ItemResult {
  if (judgement === "taken" || "refused" in judgement) return judgement
  return { retry: judgement.retry }
}
