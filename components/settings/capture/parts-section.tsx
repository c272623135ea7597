"use client"

import type { Categories } from "@/lib/audit/capture/policy"
import { TickChoice } from "./choice"
import { useDraft } from "./draft-context"
import { EnvironmentNote, useIsLocked } from "./locks"
import { CaptureSection } from "./section"

const parts = [
  {
    name: "auth",
    label: "Identity",
    note: "Who called, with role and organization. Off is the same as redacted identities below.",
  },
  { name: "headers", label: "Headers", note: "The headers that are listed below. Secret ones never." },
  { name: "version", label: "API version", note: "The version that the call asked for." },
  {
    name: "stats",
    label: "Duration and sizes",
    note: "How long the call took, and the bytes of its bodies.",
  },
  {
    name: "result",
    label: "Result",
    note: "The status message and the response data. The status itself is always recorded.",
  },
  {
    name: "data",
    label: "Bodies",
    note: "Request and response data. Off removes them even where a rule asks for them.",
  },
] as const satisfies readonly { name: keyof Categories; label: string; note: string }[]

/** The six parts of an entry that can be left out of every one. */
export function PartsSection() {
  return (
    <CaptureSection
      id="capture-parts"
      title="Parts of an entry"
      description="What is left out here is left out of every entry, whatever a rule says."
    >
      <fieldset className="grid gap-3 sm:grid-cols-2">
        <legend className="sr-only">Parts of an entry</legend>
        {parts.map(part => (
          <PartChoice key={part.name} {...part} />
        ))}
      </fieldset>
    </CaptureSection>
  )
}

function PartChoice({ name, label, note }: (typeof parts)[number]) {
  const { policy, change } = useDraft()
  const pointer = `/categories/${name}`
  return (
    <div className="grid content-start gap-1.5">
      <TickChoice
        label={label}
        note={note}
        checked={policy.categories[name]}
        disabled={useIsLocked(pointer)}
        onChange={checked => change({ categories: { ...policy.categories, [name]: checked } })}
      />
      <EnvironmentNote pointer={pointer} label={label} />
    </div>
  )
}

/** Whether callers are named, and whether objects are. */
export function IdentitySection() {
  const { policy, change } = useDraft()
  const isLocked = useIsLocked("/redactIdentity")
  return (
    <CaptureSection
      id="capture-identity"
      title="Identity and names"
      description="What is redacted is never stored, so it cannot be shown later."
    >
      <div className="grid gap-3">
        <TickChoice
          label="Redact the identity of callers"
          note="The actor has its type and nothing else: no id, name, email, role, credential or session. The IP stays. Filters and alerts by actor no longer find these calls."
          checked={policy.redactIdentity}
          disabled={isLocked}
          onChange={redactIdentity => change({ redactIdentity })}
        />
        <EnvironmentNote pointer="/redactIdentity" label="Redact the identity of callers" />
        <TickChoice
          label="Record only ids of created and changed objects"
          note="Without this, their names are recorded too."
          checked={policy.idsOnly}
          disabled={useIsLocked("/idsOnly")}
          onChange={idsOnly => change({ idsOnly })}
        />
        <EnvironmentNote pointer="/idsOnly" label="Only ids" />
      </div>
    </CaptureSection>
  )
}
