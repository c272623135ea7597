import { readFileSync } from "node:fs"
import { beforeAll, describe, expect, it } from "vitest"
import { type PreparedEvent, statuses } from "@/lib/audit/event/event"
import type { JsonValue } from "@/lib/audit/json/value"
import { resolveApps } from "@/lib/audit/query/apps"
import {
  continuationAfter,
  continueSelection,
  cursorBound,
  readCursor,
  signCursor,
} from "@/lib/audit/query/cursor"
import { fieldNames } from "@/lib/audit/query/fields"
import { parseQuery, parseQueryObject } from "@/lib/audit/query/parse"
import { readQueryString } from "@/lib/audit/query/query-string"
import { writeQuery } from "@/lib/audit/query/write"
import { addMicroseconds } from "@/lib/audit/time/instant"
import { instant, prepareTestEvent } from "@/test/events"
import { type Given, scopeOf } from "./given.contract"
import type { MadeUpOrganization } from "./made-up-log.contract"

/** A query as people have kept it, and what it gave when it was recorded. */
interface RecordedLink {
  readonly sent: { readonly link: string } | { readonly object: JsonValue }
  /** The canonical query string. */
  readonly written: string
  readonly pages: readonly RecordedPage[]
}

interface RecordedPage {
  /** The numbers of the events. */
  readonly events: readonly number[]
  /** The signed cursor of the next page. */
  readonly cursor: string | null
}

const links: readonly RecordedLink[] = JSON.parse(
  readFileSync(new URL("./fixtures/links.json", import.meta.url), "utf8"),
)

const now = instant("2026-11-20T09:30:00.000000Z")
const hour = 3_600_000_000
const key = new Uint8Array(32).fill(9)
/** Cursors are bound to a reader: always the same one, whatever the id of the organization under test. */
const reader = { organizationId: "018f3a00-0000-7000-8000-000000000001", appIds: null, actorId: null }
/** More pages than any recorded query has; in recorded order the last page has a cursor too. */
const mostPages = 12

/** Links and cursors that exist outside of the program keep their meaning. */
export function linksContract(given: Given): void {
  describe("links and cursors that were kept", () => {
    let organization: MadeUpOrganization
    beforeAll(async () => {
      organization = await given.test.organization()
      await given.test.append(organization.id, linkedEvents(organization))
    })

    it.each(links.map(link => [nameOf(link), link] as const))("%s give the same events", async (_, link) => {
      expect(await answerTo(given, organization, link)).toEqual({ written: link.written, pages: link.pages })
    })

    it("cover every field on both sides", () => {
      const parameters = links.flatMap(({ written }) => [...new URLSearchParams(written).keys()])
      expect(parameters).toEqual(expect.arrayContaining(fieldNames.flatMap(name => [name, `-${name}`])))
    })
  })
}

function nameOf({ sent }: RecordedLink): string {
  return "link" in sent ? `?${sent.link}` : JSON.stringify(sent.object)
}

/** Follows the recorded cursors; after the last one, its own. */
async function answerTo({ test }: Given, organization: MadeUpOrganization, link: RecordedLink) {
  const apps = [
    { id: organization.appId, slug: "billing" },
    { id: organization.builtInAppId, slug: "console" },
  ]
  const pages: RecordedPage[] = []
  let written = ""
  for (let cursor: string | null = null; pages.length < mostPages; ) {
    const parsed = parse(link)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
    const { query } = parsed
    const resolved = resolveApps(parsed.selection, apps, "object" in link.sent ? "object" : "parameters")
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.faults))
    written = writeQuery(query).toString()
    const bound = cursorBound(reader, query)
    const from = cursor === null ? null : readCursor(cursor, bound, key)
    const selection = from ? continueSelection(resolved.selection, from) : resolved.selection
    const request = { limit: query.limit, after: from?.position ?? null }
    const page = await test.store.search(scopeOf(organization), selection, request)
    const next = continuationAfter(selection, page)
    const own = next && signCursor(next, bound, key)
    pages.push({ events: page.events.map(event => event.index), cursor: own })
    cursor = link.pages[pages.length - 1]?.cursor ?? own
    if (cursor === null || page.events.length === 0) break
  }
  return { written, pages }
}

function parse({ sent }: RecordedLink) {
  if ("object" in sent) return parseQueryObject(sent.object, { now })
  const { parameters, faults } = readQueryString(sent.link)
  return parseQuery(parameters, { now }, faults)
}

// Some ids look like a family, a verb or a network: in these fields they mean only themselves.
const actors = ["ada", "bob", "cron.*", "*.delete", "10.0.0.0/8", "100%"]
const operations = [
  "workflow.create",
  "workflow.delete",
  "workflow_version.create",
  "api_key.delete",
  "Odd/Name",
]
const ips = ["192.0.2.7", "192.0.2.200", "198.51.100.1", "2001:db8::7", "2001:db8:1::1", null]
const targets = ["one", "two", "a:b", "one.*", "203.0.113.0/24"]
const requests = ["request-1", "request-2", "request.*"]

/** Returns events over 46 days that are the same in every run: pairs of them share their moment. */
function linkedEvents(organization: MadeUpOrganization): readonly PreparedEvent[] {
  return Array.from({ length: 48 }, (_, number) => {
    const of = <T>(values: readonly T[], step = 1) => values[Math.floor(number / step) % values.length] as T
    const ip = of(ips, 2)
    return prepareTestEvent(organization, {
      id: `018f3a00-0000-7000-8000-${(((number * 7) % 48) + 1).toString(16).padStart(12, "0")}`,
      appId: number % 4 === 3 ? organization.builtInAppId : organization.appId,
      occurredAt: addMicroseconds(now, -(number - (number % 2)) * 23 * hour),
      operation: of(operations),
      operationCode: of([400, undefined, 4_711, 0]),
      description: number % 5 === 0 ? "50 % off" : "Made",
      status: of(statuses, 3),
      actor: { type: "user", id: of(actors), name: `Name of ${of(actors)}` },
      targets: number % 6 === 5 ? [] : [{ type: number % 2 === 0 ? "workflow" : "app", id: of(targets) }],
      source: ip === null ? undefined : { ip, ipText: ip },
      requestId: number % 4 === 0 ? undefined : of(requests, 4),
    })
  })
}
