import type { JsonObject } from "@/lib/audit/json/value"
import type { CursorProgress } from "@/lib/delivery/sinks/progress"
import type { AnySinkKind } from "@/lib/sinks/kinds"
import type { ProgressAnswer, ReplayAnswer, SinkAnswer } from "./answers"
import { openStored } from "./credentials"
import type { SinkRow } from "./row"
import { stateOf } from "./state"

/** What an answer is made of, besides the row. */
export interface AnswerParts {
  readonly secret: string
  readonly organizationId: string
  readonly kinds: readonly AnySinkKind[]
  /** Of this sink. */
  readonly cursors: readonly CursorProgress[]
  readonly deadLetters: number
  readonly at: Date
}

const shownForMs = 7 * 24 * 60 * 60 * 1000

/** Returns a sink as administrators see it. */
export function answerOf(row: SinkRow, parts: AnswerParts): SinkAnswer {
  const { sealedCredentials: _, pausedAt, pausedReason, ...shown } = row
  const kind = parts.kinds.find(({ name }) => name === row.kind)
  return {
    ...shown,
    kindLabel: kind?.label ?? row.kind,
    destination: destinationOf(kind, row),
    credentials: credentialsOf(kind, row, parts),
    ...{ pausedAt, pausedReason },
    state: stateOf(pausedReason, followerOf(parts.cursors)),
    isServer: false,
    setBy: [],
    ...progressOfSink(parts),
  }
}

/** Returns how far a sink is, and its replays. */
export function progressOfSink({
  cursors,
  deadLetters,
  at,
}: Pick<AnswerParts, "cursors" | "deadLetters" | "at">): Pick<
  SinkAnswer,
  "progress" | "replays" | "deadLetters"
> {
  const follower = followerOf(cursors)
  const oldest = at.getTime() - shownForMs
  return {
    progress: follower === undefined ? noProgress : progressAnswer(follower),
    deadLetters,
    replays: cursors
      .filter(({ isReplay, endedAt }) => isReplay && (endedAt === null || Date.parse(endedAt) > oldest))
      .map(replayAnswer),
  }
}

/** Returns the cursor that follows the log. */
export function followerOf(cursors: readonly CursorProgress[]): CursorProgress | undefined {
  return cursors.find(({ isReplay }) => !isReplay)
}

/** Returns how far a replay is. */
export function replayAnswer(cursor: CursorProgress): ReplayAnswer {
  const { id, first, startedAt, startedBy, endedAt } = cursor
  return { ...progressAnswer(cursor), id, first, startedAt, startedBy, endedAt }
}

function progressAnswer(cursor: CursorProgress): ProgressAnswer {
  const {
    next,
    past,
    taken,
    passedOver,
    refused,
    missed,
    failures,
    firstFailureAt,
    lastSuccessAt,
    lastError,
  } = cursor
  const behindEvents = cursor.endedAt === null ? cursor.behindEvents : 0
  const waits = behindEvents > 0
  return {
    ...{
      next,
      past,
      behindEvents,
      taken,
      passedOver,
      refused,
      missed,
      failures,
      firstFailureAt,
      lastSuccessAt,
    },
    behindSeconds: waits ? cursor.behindSeconds : null,
    lastError,
    nextAttemptAt: waits ? cursor.nextAttemptAt : null,
  }
}

/** A sink that has no cursor yet: the one of the environment, in an organization that is new. */
const noProgress: ProgressAnswer = {
  ...{
    next: 0,
    past: 0,
    behindEvents: 0,
    behindSeconds: null,
    taken: 0,
    passedOver: 0,
    refused: 0,
    missed: 0,
  },
  ...{ failures: 0, firstFailureAt: null, lastSuccessAt: null, lastError: null, nextAttemptAt: null },
}

/** Returns where a sink sends, in a few words. A newer version may have stored a kind or settings that this one does not know. */
export function destinationOf(
  kind: AnySinkKind | undefined,
  sink: { readonly kind: string; readonly settings: JsonObject },
): string {
  const parsed = kind?.settings.safeParse(sink.settings)
  if (kind === undefined || !parsed?.success) return sink.kind
  return kind.boundTo(parsed.data) ?? kind.label
}

function credentialsOf(
  kind: AnySinkKind | undefined,
  row: SinkRow,
  { secret, organizationId }: AnswerParts,
): SinkAnswer["credentials"] {
  if (kind === undefined) return []
  const parsed = kind.settings.safeParse(row.settings)
  const bound = {
    ...{ sinkId: row.id, organizationId, kind: row.kind },
    host: parsed.success ? kind.boundTo(parsed.data) : null,
  }
  const stored = openStored(secret, bound, row.sealedCredentials) ?? {}
  return kind.credentials.map(({ name, label, required }) => ({
    ...{ name, label, required },
    isSet: Object.hasOwn(stored, name),
  }))
}
