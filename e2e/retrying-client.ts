import { randomUUID } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { EventInput } from "@/lib/audit/event/input"
import { bearer } from "./api"

/** The acknowledgement of one event, as the client recorded it. */
export interface Promised {
  readonly index: number
  readonly leafHash: string
}

/** An application that sends events and keeps its own records: what was acknowledged, and which responses it got. */
export interface RetryingClient {
  /** By event id: the first acknowledgement. Every later one for the same event must be the same. */
  readonly promised: ReadonlyMap<string, Promised>
  /** How often each status came; 0 stands for no response. */
  readonly statuses: ReadonlyMap<number, number>
  /** Bodies of the refusals, each once. */
  readonly refusals: ReadonlySet<string>
  /** Successful responses that differ from the first acknowledgement. */
  readonly contradictions: readonly string[]
  /** Resolves when that many more events were acknowledged. */
  readonly more: (events: number) => Promise<void>
  /** Sends no new batch; resolves when everything that was sent has been acknowledged. */
  readonly finish: () => Promise<void>
}

const patienceMs = 60_000
const requestMs = 10_000
const pauseMs = 25

/**
 * Starts writers that send batch after batch, and each batch again with the same ids until it is accepted. Some accepted
 * batches are sent again, as by a client that lost the response.
 */
export function startClient(
  baseUrl: string,
  key: string,
  { writers, batch }: { readonly writers: number; readonly batch: number },
): RetryingClient {
  const promised = new Map<string, Promised>()
  const statuses = new Map<number, number>()
  const refusals = new Set<string>()
  const contradictions: string[] = []
  let isOver = false

  const keep = (id: string, one: Promised) => {
    const before = promised.get(id)
    if (before === undefined) promised.set(id, one)
    else if (before.index !== one.index || before.leafHash !== one.leafHash) contradictions.push(id)
  }
  const sendOnce = async (body: string): Promise<boolean> => {
    const { status, text } = await send(baseUrl, key, body)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status !== 200 && status !== 201) {
      if (status !== 0) refusals.add(text)
      return false
    }
    for (const { id, index, leafHash } of resultsOf(text)) keep(id, { index, leafHash })
    return true
  }
  const write = async () => {
    for (let round = 0; !isOver; round++) {
      const body = JSON.stringify(Array.from({ length: batch }, newEvent))
      for (const end = performance.now() + patienceMs; !(await sendOnce(body)); await sleep(pauseMs)) {
        if (performance.now() > end) throw new Error(`Not accepted within ${patienceMs / 1000} s.`)
      }
      if (round % 7 === 0) await sendOnce(body)
    }
  }
  const running = Promise.all(Array.from({ length: writers }, write))
  // Awaited at the end; a failure before must not end the process.
  running.catch(() => {})

  return {
    ...{ promised, statuses, refusals, contradictions },
    more: async events => {
      const enough = promised.size + events
      for (const end = performance.now() + patienceMs; promised.size < enough; await sleep(10)) {
        if (performance.now() > end)
          throw new Error(`Only ${promised.size} of ${enough} events were promised.`)
      }
    },
    finish: async () => {
      isOver = true
      await running
    },
  }
}

function newEvent(): EventInput {
  return {
    id: randomUUID(),
    operation: "door.open",
    status: "success",
    actor: { type: "user", id: "drill" },
    occurredAt: new Date().toISOString(),
  }
}

async function send(baseUrl: string, key: string, body: string) {
  try {
    const answer = await fetch(`${baseUrl}/api/v1/events`, {
      method: "POST",
      headers: { ...bearer(key), "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(requestMs),
    })
    return { status: answer.status, text: await answer.text() }
  } catch {
    return { status: 0, text: "" }
  }
}

function resultsOf(text: string): readonly (Promised & { readonly id: string })[] {
  // The one cast: the API's response to a batch.
  return (JSON.parse(text) as { readonly results: readonly (Promised & { readonly id: string })[] }).results
}
