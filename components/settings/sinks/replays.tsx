"use client"

import type { ReactNode } from "react"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { CaptureSection } from "@/components/settings/capture/section"
import { counted } from "@/components/settings/capture/words"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import type { ReplayAnswer } from "@/lib/operations/sinks/answers"
import { rangeWords, replayPercent } from "./words"

/** Input of stopping a replay. */
export interface ReplayId {
  readonly id: string
  readonly replayId: string
}

export interface ReplaysProps {
  readonly sinkId: string
  readonly replays: readonly ReplayAnswer[]
  /** None for the sink of the environment. */
  readonly cancel: Submit<unknown, ReplayId> | null
  /** The button that begins one. */
  readonly actions: ReactNode
}

/** Parts of the log that are sent again, or were. */
export function Replays({ sinkId, replays, cancel, actions }: ReplaysProps) {
  return (
    <CaptureSection
      id="sink-replays"
      title="Replays"
      description="Sends a part of the log again, beside the new events."
      actions={actions}
    >
      {replays.length === 0 ? (
        <p className="text-sm text-muted-foreground">None yet.</p>
      ) : (
        <ul className="grid divide-y rounded-md border text-sm">
          {replays.map(replay => (
            <li
              key={replay.id}
              className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-3 py-2"
            >
              <ReplayText replay={replay} />
              {replay.endedAt === null && cancel !== null ? (
                <Cancel sinkId={sinkId} replay={replay} cancel={cancel} />
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </CaptureSection>
  )
}

function ReplayText({ replay }: { readonly replay: ReplayAnswer }) {
  const { first, past, endedAt, startedAt, startedBy, taken, refused, lastError, failures } = replay
  return (
    <div className="grid min-w-0 gap-0.5">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">Numbers {rangeWords(first, past)}</span>
        <Badge tone={endedAt === null ? "primary" : "neutral"}>
          {endedAt === null ? `${replayPercent(replay)} %` : replay.next < past ? "Stopped" : "Done"}
        </Badge>
      </span>
      <span className="text-xs text-muted-foreground">
        {counted(taken, "event")} taken{refused > 0 ? `, ${refused} refused` : ""}. Started by{" "}
        {startedBy ?? "somebody"} at <TimeOrWord at={startedAt} word="" />
        {endedAt === null ? null : (
          <>
            , ended at <TimeOrWord at={endedAt} word="" />
          </>
        )}
        .
      </span>
      {endedAt === null && failures > 0 && lastError !== null ? (
        <span className="text-xs text-failure wrap-anywhere">{lastError.message}</span>
      ) : null}
    </div>
  )
}

interface CancelProps {
  readonly sinkId: string
  readonly replay: ReplayAnswer
  readonly cancel: Submit<unknown, ReplayId>
}

function Cancel({ sinkId, replay, cancel }: CancelProps) {
  const range = rangeWords(replay.first, replay.past)
  return (
    <ConfirmAction
      trigger={
        <Button size="sm" aria-label={`Stop the replay of ${range}`}>
          Stop
        </Button>
      }
      title={`Stop the replay of ${range}?`}
      confirmLabel="Stop replay"
      destructive
      action={cancel}
      input={{ id: sinkId, replayId: replay.id }}
      done="Replay stopped"
    >
      <p>What was sent stays there. What was not is not sent again.</p>
    </ConfirmAction>
  )
}
