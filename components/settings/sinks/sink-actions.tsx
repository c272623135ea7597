"use client"

import { Pause, Play, Trash2 } from "lucide-react"
import { useRouter } from "next/navigation"
import { ConfirmAction } from "@/components/form/confirm-action"
import type { Submit } from "@/components/form/use-submit"
import { counted } from "@/components/settings/capture/words"
import { Button } from "@/components/ui/button"
import type { SinkAnswer } from "@/lib/operations/sinks/answers"
import { sinksPath } from "./places"

/** Input of the actions on a whole sink. */
export interface SinkId {
  readonly id: string
}

export interface SinkActionsProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly sink: SinkAnswer
  readonly pause: Submit<unknown, SinkId>
  readonly resume: Submit<unknown, SinkId>
  readonly remove: Submit<unknown, SinkId>
}

/** The actions on a whole sink. */
export function SinkActions({ slug, sink, pause, resume, remove }: SinkActionsProps) {
  return (
    <>
      {sink.state === "paused" ? (
        <Resume sink={sink} resume={resume} />
      ) : (
        <PauseSink sink={sink} pause={pause} />
      )}
      <Delete slug={slug} sink={sink} remove={remove} />
    </>
  )
}

function PauseSink({ sink, pause }: Pick<SinkActionsProps, "sink" | "pause">) {
  return (
    <ConfirmAction
      trigger={
        <Button>
          <Pause aria-hidden="true" />
          Pause
        </Button>
      }
      title={`Pause “${sink.name}”?`}
      confirmLabel="Pause sink"
      action={pause}
      input={{ id: sink.id }}
      done={`Sink “${sink.name}” paused`}
    >
      <p>Nothing is sent to {sink.destination} until it is resumed, replays included.</p>
      <p>Events that are recorded meanwhile stay in the log, and are sent when it is resumed.</p>
    </ConfirmAction>
  )
}

function Resume({ sink, resume }: Pick<SinkActionsProps, "sink" | "resume">) {
  const { behindEvents } = sink.progress
  return (
    <ConfirmAction
      trigger={
        <Button variant="primary">
          <Play aria-hidden="true" />
          Resume
        </Button>
      }
      title={`Resume “${sink.name}”?`}
      confirmLabel="Resume sink"
      action={resume}
      input={{ id: sink.id }}
      done={`Sink “${sink.name}” resumed`}
    >
      <p>
        {behindEvents === 0
          ? "No event waits. The next one is sent at once."
          : `It goes on where it stopped: ${counted(behindEvents, "event")} ${behindEvents === 1 ? "waits" : "wait"}.`}
      </p>
    </ConfirmAction>
  )
}

function Delete({ slug, sink, remove }: Pick<SinkActionsProps, "slug" | "sink" | "remove">) {
  const router = useRouter()
  return (
    <ConfirmAction
      trigger={
        <Button>
          <Trash2 aria-hidden="true" />
          Delete
        </Button>
      }
      title={`Delete “${sink.name}”?`}
      confirmLabel="Delete sink"
      destructive
      action={remove}
      input={{ id: sink.id }}
      done={`Sink “${sink.name}” deleted`}
      onDone={() => router.push(sinksPath(slug))}
    >
      <p>
        Nothing more is sent to {sink.destination}. Its credentials, its receipts, its dead letters and how
        far it had come are deleted too.
      </p>
      <p>The events themselves stay in the log, and what was sent stays where it is.</p>
    </ConfirmAction>
  )
}
