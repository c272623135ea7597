import { type ApiAnswer, retryAfterMs } from "./transport"

export type ItemOutcome =
  | { readonly outcome: "accepted" | "duplicate" }
  | { readonly outcome: "refused"; readonly why: string }

/** What an answer of the server means for the batch that was sent. */
export type Judgement =
  | { readonly kind: "items"; readonly items: readonly ItemOutcome[] }
  /** Nobody knows whether it was taken: the same batch is sent again. */
  | { readonly kind: "later"; readonly why: string; readonly retryAfterMs: number | null }
  /** The key, the address or the permission is wrong: the same, but somebody has to do something. */
  | { readonly kind: "configuration"; readonly why: string }
  /** Too large, or not understood as a whole: halves may pass. */
  | { readonly kind: "halve"; readonly why: string }

/** Returns what the answer to a batch of `count` events means. Only 2xx and 422 say something about single events. */
export function judge(answer: ApiAnswer, count: number, now: number): Judgement {
  const { status } = answer
  const body = jsonOf(answer.body)
  const why = `the server answered ${status}${detailOf(body)}`
  const items = itemsOf(body)
  if (items !== null && items.length === count && (isSuccess(status) || status === 422))
    return { kind: "items", items }
  if (status === 408 || status === 425 || status === 429 || status >= 500 || isSuccess(status))
    return { kind: "later", why, retryAfterMs: retryAfterMs(answer.headers["retry-after"], now) }
  if (status === 400 || status === 413 || status === 422) return { kind: "halve", why }
  return { kind: "configuration", why }
}

const isSuccess = (status: number) => status >= 200 && status < 300

function itemsOf(body: unknown): readonly ItemOutcome[] | null {
  const results = memberOf(body, "results")
  if (!Array.isArray(results)) return null
  const items = results.map(itemOf)
  return items.every(item => item !== null) ? items : null
}

function itemOf(result: unknown): ItemOutcome | null {
  const outcome = memberOf(result, "outcome")
  if (outcome === "accepted" || outcome === "duplicate") return { outcome }
  if (outcome === "conflict")
    return { outcome: "refused", why: "/id names an event that was sent before with another content" }
  if (outcome !== "rejected") return null
  const [first] = asArray(memberOf(result, "errors"))
  return {
    outcome: "refused",
    why: `${memberOf(first, "pointer") ?? ""} ${memberOf(first, "detail") ?? ""}`.trim(),
  }
}

function detailOf(body: unknown): string {
  const detail = memberOf(body, "detail")
  return typeof detail === "string" ? `: ${detail.slice(0, 300)}` : ""
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A page of a proxy, perhaps. Its status says enough.
    return null
  }
}
