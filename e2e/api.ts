import { type APIRequestContext, expect } from "@playwright/test"

/** The API's result for one event. */
export interface SentResult {
  readonly outcome: string
  readonly id?: string
  readonly index?: number
}

/** Sends a batch and expects every event of it to be accepted (or a duplicate). */
export async function sendEvents(
  request: APIRequestContext,
  key: string,
  events: readonly Readonly<Record<string, unknown>>[],
): Promise<readonly SentResult[]> {
  const answer = await request.post("/api/v1/events", { headers: bearer(key), data: events })
  const text = await answer.text()
  expect([200, 201], text).toContain(answer.status())
  // The one cast: the API's response to a batch.
  const { results } = JSON.parse(text) as { readonly results: readonly SentResult[] }
  for (const { outcome } of results) expect(["accepted", "duplicate"], text).toContain(outcome)
  return results
}

/** Returns the header that carries the key. */
export function bearer(key: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}` }
}

/** An event as the API returns it; only the members that the specs use. */
export interface ReadEvent {
  readonly id: string
  readonly occurredAt: string
  readonly operation: string
  readonly requestId?: string
  readonly status: string
}

/** Returns every matching event, page after page, in the API's order. */
export async function allEvents(
  request: APIRequestContext,
  key: string,
  parameters: string,
): Promise<readonly ReadEvent[]> {
  const events: ReadEvent[] = []
  let cursor: string | null = null
  do {
    const more: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`
    const answer = await request.get(`/api/v1/events?${parameters}&limit=100${more}`, {
      headers: bearer(key),
    })
    expect(answer.status(), await answer.text()).toBe(200)
    // The one cast: the API's page.
    const page = (await answer.json()) as {
      readonly events: readonly ReadEvent[]
      readonly nextCursor: string | null
    }
    events.push(...page.events)
    cursor = page.nextCursor
  } while (cursor !== null)
  return events
}
