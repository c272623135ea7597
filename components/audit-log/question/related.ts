import type { AuditEvent } from "@/lib/audit/event/event"
import { labelOf } from "@/lib/audit/event/sentence"
import type { FieldName } from "@/lib/audit/query/fields"
import { plainQuestion, type Question, withValue } from "@/lib/audit/query/question"
import { addMicroseconds } from "@/lib/audit/time/instant"
import type { AskedWindow } from "@/lib/audit/time/window"

/** A way from an event to others that have to do with it. */
export interface RelatedQuestion {
  /** "Around this". */
  readonly label: string
  /** The range, in words. */
  readonly range: string
  /** What it is about, when that is not plain: the target's or the actor's name. */
  readonly value: string | null
  readonly question: Question
}

/** No window reaches further. */
const first = "1970-01-01T00:00:00.000000Z"
const last = "2199-12-31T23:59:59.999999Z"

const minute = 60_000_000
const day = 24 * 60 * minute

/**
 * Returns the questions that lead on from an event, each new: no filter but its own, over the range in which its answer lies. A
 * request is over within a day, an actor is judged by the weeks around, and a target has its whole history.
 */
export function relatedQuestions(event: AuditEvent, zone: string): readonly RelatedQuestion[] {
  const around = (microseconds: number): AskedWindow => {
    const from = addMicroseconds(event.occurredAt, -microseconds)
    const to = addMicroseconds(event.occurredAt, microseconds)
    // Instants are texts of one length, so their order is that of the texts.
    return { kind: "range", from: from < first ? first : from, to: to > last ? last : to }
  }
  const about = (window: AskedWindow, field?: FieldName, value = ""): Question => {
    const question = { ...plainQuestion, zone, window }
    return field ? withValue(question, field, value, "include") : question
  }
  const { actor, requestId } = event
  const [target] = event.targets
  const key = target && `${target.type}:${target.id}`
  return [
    { label: "Around this", range: "5 minutes", value: null, question: about(around(5 * minute)) },
    ...(requestId
      ? [
          {
            label: "This request",
            range: "a day before and after",
            value: null,
            question: about(around(day), "request", requestId),
          },
        ]
      : []),
    ...(target && key
      ? [
          {
            label: "This target",
            range: "all time",
            value: labelOf(target),
            question: about({ kind: "all" }, "target", key),
          },
        ]
      : []),
    {
      label: "This actor",
      range: "30 days before and after",
      value: labelOf(actor),
      question: about(around(30 * day), "actor", actor.id),
    },
  ]
}
