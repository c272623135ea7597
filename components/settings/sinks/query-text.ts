import { splitSearch } from "@/components/audit-log/query/address"
import { conditionsOf } from "@/components/audit-log/query/words"
import { fields } from "@/lib/audit/query/fields"
import { singleNames } from "@/lib/audit/query/parameters"
import { parseQuery } from "@/lib/audit/query/parse"
import { instantFromDate } from "@/lib/audit/time/instant"

/** What a url of the log says besides the filter: a sink has every event in its order, whenever it was. */
const ofPage: ReadonlySet<string> = new Set(singleNames.filter(name => name !== "text"))

/**
 * Returns the query of a sink from what was pasted: the url of a filtered log, or what stands in it after the question mark.
 * The range of time, the order and the page are left out; everything else stays, also what the server will refuse.
 */
export function queryFrom(pasted: string): string {
  const text = pasted.trim()
  const start = text.indexOf("?")
  const search = (start === -1 ? withoutAddress(text) : text.slice(start + 1)).split("#")[0] ?? ""
  const { parameters } = splitSearch(new URLSearchParams(search))
  const kept = parameters.filter(([name]) => !ofPage.has(name))
  return new URLSearchParams(kept.map(([name, value]) => [name, value])).toString()
}

/** The url of the log without any filter means every event. */
function withoutAddress(text: string): string {
  return /^(?:https?:\/)?\//.test(text) ? "" : text
}

const signs = { include: "is", exclude: "is not" } as const

/** Returns the conditions of a query, each in words; null for a query that cannot be read. None: every event. */
export function queryWords(query: string, now: Date): readonly string[] | null {
  const parsed = parseQuery(new URLSearchParams(query), { now: instantFromDate(now) })
  if (!parsed.ok) return null
  const conditions = conditionsOf(parsed.query).map(
    ({ field, side, value }) => `${fields[field].label} ${signs[side]} ${value}`,
  )
  return parsed.query.text === null ? conditions : [...conditions, `Text contains “${parsed.query.text}”`]
}
