import { expect } from "vitest"
import type { AuditEvent, PreparedEvent } from "@/lib/audit/event/event"
import { continuationAfter, continueSelection, readCursor, signCursor } from "@/lib/audit/query/cursor"
import type { Scope, Selection } from "@/lib/audit/query/selection"
import type { EventStore } from "@/lib/audit/store"
import { type MadeUpOrganization, madeUpWindow } from "./made-up-log.contract"

/** An empty store, and the ledger that it reads. */
export interface StoreUnderTest {
  readonly store: EventStore
  /** How many events it reads in one step when no index finds the wanted ones. */
  readonly stepEvents: number
  organization(): Promise<MadeUpOrganization>
  /** Records the events in this order; then the store can read them. */
  append(organizationId: string, events: readonly PreparedEvent[]): Promise<void>
  /** Removes the contents of these events as their expiry will; their entries remain. */
  expire(organizationId: string, ids: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** What a test may use, once the suite has begun: a store, and an organization with a generated log. */
export interface Given {
  readonly test: StoreUnderTest
  readonly organization: MadeUpOrganization
  /** The Scope of the whole organization. */
  readonly scope: Scope
  /** Its events, in the order of recording. */
  readonly log: readonly AuditEvent[]
}

/** Events in the generated log. */
export const madeUpCount = 420

export const everything: Selection = {
  window: madeUpWindow,
  include: {},
  exclude: {},
  text: null,
  order: "newest",
  asOf: null,
}

const key = new Uint8Array(32).fill(1)

export const idsOf = (events: readonly AuditEvent[]) => events.map(event => event.id)

export function scopeOf({ id }: MadeUpOrganization): Scope {
  return { organizationId: id, appIds: null, actorId: null }
}

export async function everyPage(store: EventStore, scope: Scope, selection: Selection, limit: number) {
  return (await pagesOf(store, scope, selection, limit)).flatMap(page => page.events)
}

/** Returns all pages, each reached by the cursor of the one before it. */
export async function pagesOf(store: EventStore, scope: Scope, selection: Selection, limit: number) {
  const pages = [await store.search(scope, selection, { limit, after: null })]
  for (let page = pages[0]; page; ) {
    expect(page.events.length).toBeLessThanOrEqual(limit)
    const { asOf } = page
    const continuation = continuationAfter({ ...selection, asOf }, page)
    if (!continuation) break
    const read = readCursor(signCursor(continuation, "bound", key), "bound", key)
    page = await store.search(scope, continueSelection(selection, read), { limit, after: read.position })
    expect(page.asOf).toBe(asOf)
    pages.push(page)
  }
  return pages
}

export async function streamed(
  store: EventStore,
  scope: Scope,
  selection: Selection,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly AuditEvent[]> {
  const events: AuditEvent[] = []
  for await (const batch of store.stream(scope, selection, signal)) events.push(...batch)
  return events
}
