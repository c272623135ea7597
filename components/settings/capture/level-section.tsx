"use client"

import { flagsOf, levelOf } from "@/lib/audit/capture/level"
import type { Flags } from "@/lib/audit/capture/policy"
import { BodyFlagField } from "./body-flag"
import { RadioChoice, TickChoice } from "./choice"
import { useDraft } from "./draft-context"
import { EnvironmentNote, useIsLocked } from "./locks"
import { CaptureSection } from "./section"

const levels = [
  {
    level: "metadata",
    label: "Metadata",
    note: "Who called which endpoint from where, when, with which outcome, and the ids of what was created or changed. No bodies.",
  },
  { level: "request", label: "Request", note: "Metadata, and the data that was sent." },
  {
    level: "request-response",
    label: "Request and response",
    note: "Metadata, the data that was sent and the data that was returned.",
  },
  {
    level: "none",
    label: "Nothing, except what a rule records",
    note: "Calls that no rule matches leave no entry.",
  },
] as const

/** Turns recording on and off. */
export function EnabledSection() {
  const { policy, change } = useDraft()
  const isLocked = useIsLocked("/enabled")
  return (
    <CaptureSection
      id="capture-enabled"
      title="Recording"
      description="Recording is off until somebody turns it on. While it is off, calls are only counted."
    >
      <div className="grid gap-3">
        <TickChoice
          label="Record API calls"
          note="Of the applications, proxies and APIs that belong to this organization."
          checked={policy.enabled}
          disabled={isLocked}
          onChange={enabled => change({ enabled })}
        />
        <EnvironmentNote pointer="/enabled" label="Record API calls" />
        <TickChoice
          label="Also record calls to this console and its API"
          note="One entry for each HTTP request of a person or a key. Ingestion and health checks are never recorded."
          checked={policy.ownCalls}
          disabled={useIsLocked("/ownCalls")}
          onChange={ownCalls => change({ ownCalls })}
        />
        <EnvironmentNote pointer="/ownCalls" label="Own calls" />
      </div>
    </CaptureSection>
  )
}

/** The level of the calls that no rule matches, and its flags. */
export function LevelSection() {
  const { policy, change } = useDraft()
  const flags = policy.default
  const level = levelOf(flags)
  const set = (part: Partial<Flags>) => change({ default: { ...flags, ...part } })
  const pointers = ["/default/call", "/default/data", "/default/resultData"]
  const locks = [
    useIsLocked("/default/call"),
    useIsLocked("/default/data"),
    useIsLocked("/default/resultData"),
  ]
  const isLocked = locks.includes(true)
  return (
    <CaptureSection
      id="capture-level"
      title="Level"
      description="How much is recorded of a call that no rule matches: the default."
    >
      <fieldset className="grid gap-2.5">
        <legend className="sr-only">Level</legend>
        {levels.map(({ level: each, label, note }) => (
          <RadioChoice
            key={each}
            name="capture-level"
            label={label}
            note={note}
            checked={level === each}
            disabled={isLocked}
            onChange={() => change({ default: flagsOf(each) })}
          />
        ))}
        <RadioChoice
          name="capture-level"
          label="Custom"
          note="Chosen below: only some fields, or the response without the request."
          checked={level === "custom"}
          disabled={isLocked || level !== "custom"}
          onChange={() => undefined}
        />
      </fieldset>
      <div className="grid gap-4 border-t pt-4 sm:grid-cols-2">
        <DefaultBody part="request" name="data" onChange={set} isLocked={locks[1] === true} />
        <DefaultBody part="response" name="resultData" onChange={set} isLocked={locks[2] === true} />
      </div>
      <div className="grid gap-1">
        {pointers.map((pointer, index) => (
          <EnvironmentNote
            key={pointer}
            pointer={pointer}
            label={["Default: the call", "Default: request data", "Default: response data"][index] ?? ""}
          />
        ))}
      </div>
    </CaptureSection>
  )
}

interface DefaultBodyProps {
  readonly part: "request" | "response"
  readonly name: "data" | "resultData"
  readonly isLocked: boolean
  readonly onChange: (part: Partial<Flags>) => void
}

function DefaultBody({ part, name, isLocked, onChange }: DefaultBodyProps) {
  const { policy, faults, figures } = useDraft()
  const value = policy.default[name]
  return (
    <BodyFlagField
      // A preset or a level replaces what was typed.
      key={Array.isArray(value) ? "fields" : "flag"}
      label={part === "request" ? "Request data" : "Response data"}
      part={part}
      value={value}
      disabled={isLocked}
      error={faultAt(faults, `/default/${name}`)}
      figures={figures}
      onChange={next => onChange({ [name]: next ?? false })}
    />
  )
}

/** Returns the fault at the pointer or below it. */
export function faultAt(faults: ReadonlyMap<string, string>, pointer: string): string | undefined {
  for (const [at, words] of faults) if (at === pointer || at.startsWith(`${pointer}/`)) return words
  return undefined
}
