"use client"

import { Repeat } from "lucide-react"
import { useRef, useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { RadioChoice, TickChoice } from "@/components/settings/capture/choice"
import { counted } from "@/components/settings/capture/words"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { toast } from "@/components/ui/toast"
import { useOwnZone } from "@/components/zone/zone-context"
import type { SinkAnswer, SinkRange, SinkRangeAnswer, SinkReplay } from "@/lib/operations/sinks/answers"
import { nextStep, type RangeBy, readRange } from "./replay-input"
import { rangeWords } from "./words"

/** Input of counting the events of a range. */
export interface RangeCount {
  readonly id: string
  readonly range: SinkRange
}

export interface ReplayDialogProps {
  readonly sink: SinkAnswer
  /** The receiver takes batches whole and in order: a replay mixes that order. */
  readonly isStrict: boolean
  readonly count: Submit<SinkRangeAnswer, RangeCount>
  readonly replay: Submit<unknown, SinkReplay>
}

/** The button and the dialog that send a part of the log again: first the range is counted, then it is sent. */
export function ReplayDialog(props: ReplayDialogProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <Repeat aria-hidden="true" />
          Replay
        </Button>
      </DialogTrigger>
      <DialogContent
        title={`Send a part of the log to “${props.sink.name}” again`}
        description="New events go on being sent meanwhile. Receivers that know the id of an event keep it once; others have it twice."
      >
        <ReplayForm {...props} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  )
}

/** Inputs and members of the range that can be at fault, the more exact ones first. */
const places = ["from", "to", "range/first", "range/past", "range/from", "range/to", "range"]

/** Returns the faults beside the two ends, whether the browser or the server has found them. */
function faultsOfEnds(
  byField: Readonly<Record<string, string>>,
): Readonly<Record<string, string | undefined>> {
  return {
    from: byField.from ?? byField["range/first"] ?? byField["range/from"],
    to: byField.to ?? byField["range/past"] ?? byField["range/to"] ?? byField.range,
  }
}

function ReplayForm({
  sink,
  isStrict,
  count,
  replay,
  onDone,
}: ReplayDialogProps & { readonly onDone: () => void }) {
  const { zone } = useOwnZone()
  const [by, setBy] = useState<RangeBy>("numbers")
  const [found, setFound] = useState<SinkRangeAnswer | null>(null)
  const [isConfirmed, setConfirmed] = useState(false)
  // Increased by every change of the range: a count of an earlier one is not for this one.
  const changes = useRef(0)
  const counting: Submit<SinkRangeAnswer | null, RangeCount> = async input => {
    const begun = changes.current
    const result = await count(input)
    return result.ok && changes.current !== begun ? { ok: true, value: null } : result
  }
  const counts = useSubmit(counting, places, setFound)
  const sends = useSubmit(replay, places, () => {
    toast("The replay has begun")
    onDone()
  })
  const forget = () => {
    changes.current++
    setFound(null)
    setConfirmed(false)
    sends.clear()
  }
  const send = (data: FormData) => {
    const read = readRange({ by, from: String(data.get("from")), to: String(data.get("to")) }, zone)
    if ("faults" in read) return
    if (found === null) counts.submit({ id: sink.id, range: read.range })
    else sends.submit({ id: sink.id, range: frozen(found), confirmed: isConfirmed })
  }
  const failure = sends.failure ?? counts.failure
  const step = nextStep(found, isConfirmed)
  return (
    <Form
      className="contents"
      submission={{ failure, refuse: counts.refuse }}
      check={data => {
        const read = readRange({ by, from: String(data.get("from")), to: String(data.get("to")) }, zone)
        return "faults" in read ? read.faults : {}
      }}
      onSend={send}
    >
      <DialogBody>
        <FormFailure failure={failure} />
        <RangeFields
          by={by}
          zone={zone}
          wrong={faultsOfEnds(failure?.byField ?? {})}
          onBy={setBy}
          onChange={forget}
        />
        <div aria-live="polite" className="grid gap-3">
          {found === null ? null : <CountedRange {...found} isStrict={isStrict} />}
        </div>
        {found?.needsConfirmation ? (
          <TickChoice
            label={`Yes, send ${counted(found.events, "event")} again`}
            note="That many take a while, and cost what the receiver charges for them."
            checked={isConfirmed}
            onChange={setConfirmed}
          />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button
          type="submit"
          variant="primary"
          pending={counts.pending || sends.pending}
          disabled={!step.isReady}
        >
          {step.label}
        </Button>
      </DialogFooter>
    </Form>
  )
}

/** What was counted is what is sent, even when the log has grown since. */
function frozen({ first, past }: SinkRangeAnswer): SinkRange {
  return { first, past }
}

interface RangeFieldsProps {
  readonly by: RangeBy
  readonly zone: string
  readonly wrong: Readonly<Record<string, string | undefined>>
  readonly onBy: (by: RangeBy) => void
  readonly onChange: () => void
}

const labels = {
  numbers: { from: "First number", to: "Last number", placeholder: "1204" },
  times: { from: "From", to: "To", placeholder: "2026-03-31 14:05" },
} as const

function RangeFields({ by, zone, wrong, onBy, onChange }: RangeFieldsProps) {
  const choose = (next: RangeBy) => {
    onBy(next)
    onChange()
  }
  const words = labels[by]
  return (
    <>
      <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
        <legend className="mb-1.5 text-sm font-medium">Which events</legend>
        <RadioChoice
          name="replay-by"
          label="By their numbers"
          checked={by === "numbers"}
          onChange={() => choose("numbers")}
        />
        <RadioChoice
          name="replay-by"
          label="By when they were received"
          checked={by === "times"}
          onChange={() => choose("times")}
        />
      </fieldset>
      <div className="grid gap-4 sm:grid-cols-2" key={by}>
        {(["from", "to"] as const).map(end => (
          <TextField
            key={end}
            label={words[end]}
            description={
              end === "to" ? "Included." : by === "times" ? `In ${zone.replaceAll("_", " ")}.` : undefined
            }
            error={wrong[end]}
            name={end}
            placeholder={words.placeholder}
            className="font-data"
            autoComplete="off"
            required
            onChange={onChange}
          />
        ))}
      </div>
    </>
  )
}

function CountedRange({ first, past, events, isStrict }: SinkRangeAnswer & { readonly isStrict: boolean }) {
  if (events === 0) return <Alert tone="warning">The log has no event in this range.</Alert>
  return (
    <>
      <p className="text-sm text-pretty">
        <strong className="font-medium">{counted(events, "event")}</strong>, numbers {rangeWords(first, past)}
        . Those that the query of the sink means are sent.
      </p>
      {isStrict ? (
        <Alert tone="info">
          This kind of receiver keeps events in the order in which they arrive: repeated ones come between new
          ones.
        </Alert>
      ) : null}
    </>
  )
}
