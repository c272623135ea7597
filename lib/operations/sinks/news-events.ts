import type { JobWork } from "@/lib/operations/core/job-work"
import type { News, ToldCursor } from "./news"

/** The sink of which something is told. */
export interface ToldSink {
  readonly id: string
  readonly name: string
  /** The environment makes it. */
  readonly isServer: boolean
  /** What the last failed attempt ended with. */
  readonly reason: string
}

type NewsEvent = Parameters<JobWork["record"]>[0]

const mostReason = 1_000

/** Returns the event of the news. It says nothing of an answer beyond its first words, and nothing secret. */
export function newsEvent(
  news: News,
  sink: ToldSink,
  cursor: ToldCursor & { readonly behind: number },
): NewsEvent {
  const targets = [{ type: "sink", id: sink.id, name: sink.name }]
  const facts = { behindEvents: cursor.behind }
  switch (news) {
    case "fail":
      return {
        operation: "sink.fail",
        about: {
          targets,
          description: `The sink ${sink.name} does not deliver.`,
          details: reasonOf(sink),
          metadata: {
            ...facts,
            failures: cursor.failures,
            since: cursor.firstFailureAt?.toISOString() ?? null,
            kind: cursor.lastErrorKind,
            pausedReason: cursor.pausedReason,
          },
        },
        outcome: { status: "failure", statusMessage: reasonOf(sink)[0] ?? "It does not deliver." },
      }
    case "recover":
      return {
        operation: "sink.recover",
        about: {
          targets,
          description: `The sink ${sink.name} delivers again.`,
          metadata: { ...facts, failingSince: cursor.toldAt?.toISOString() ?? null },
        },
        outcome: { status: "success" },
      }
    case "miss": {
      const missed = cursor.missed - cursor.missedTold
      return {
        operation: "sink.miss",
        about: {
          targets,
          description: `${counted(missed)} expired before they were sent to the sink ${sink.name}.`,
          metadata: { missed, missedInAll: cursor.missed },
        },
        outcome: {
          status: "failure",
          statusMessage: "They were removed from the log before they could be sent.",
        },
      }
    }
    case "dead-letter": {
      const refused = cursor.refused - cursor.refusedTold
      return {
        operation: "sink.dead_letter",
        about: {
          targets,
          description: `The sink ${sink.name} refuses ${counted(refused)} for good.`,
          metadata: { refused, refusedInAll: cursor.refused },
        },
        outcome: {
          status: "failure",
          statusMessage: "They were refused three times. The page of the sink says why.",
        },
      }
    }
  }
}

function counted(count: number): string {
  return count === 1 ? "1 event" : `${count} events`
}

function reasonOf({ reason }: ToldSink): string[] {
  const line = reason.replaceAll(/\p{Cc}+/gu, " ").trim()
  if (line === "") return []
  return [line.length > mostReason ? `${line.slice(0, mostReason)}…` : line]
}
