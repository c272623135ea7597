"use client"

import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { Textarea } from "@/components/ui/textarea"
import { entriesOf } from "./draft"
import { useDraft } from "./draft-context"
import { faultAt } from "./level-section"
import { EnvironmentNote, useIsLocked } from "./locks"
import { CaptureSection } from "./section"

/** Limits, headers, names that are secret here, and the license key. */
export function DetailsSection() {
  return (
    <CaptureSection
      id="capture-details"
      title="Limits and names"
      description="Secrets that are known everywhere, such as passwords, tokens and keys, are hidden always. Nothing here can switch that off."
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <LimitField name="requestBytes" label="Request data, at most" />
        <LimitField name="responseBytes" label="Response data, at most" />
        <ListField
          name="secretNames"
          label="Also secret here"
          description="Names of fields, headers and parameters whose values are hidden besides the known ones. One on each line."
        />
        <ListField
          name="headerNames"
          label="Headers to record"
          description="When the part “Headers” is on. One on each line; * records all but the secret ones."
        />
        <LicenseField />
      </div>
    </CaptureSection>
  )
}

interface LimitFieldProps {
  readonly name: "requestBytes" | "responseBytes"
  readonly label: string
}

function LimitField({ name, label }: LimitFieldProps) {
  const { policy, change, faults } = useDraft()
  const value = policy.limits[name]
  const isLocked = useIsLocked(`/limits/${name}`)
  return (
    <div className="grid content-start gap-1.5">
      <Field
        label={label}
        error={faultAt(faults, `/limits/${name}`)}
        description="In bytes, up to 12,288. What is larger is cut, and the entry says so."
      >
        {control => (
          <Input
            {...control}
            type="number"
            inputMode="numeric"
            min={0}
            max={12288}
            step={1}
            className="max-w-40"
            value={Number.isFinite(value) ? value : ""}
            disabled={isLocked}
            onChange={event =>
              change({ limits: { ...policy.limits, [name]: Math.trunc(Number(event.target.value)) } })
            }
          />
        )}
      </Field>
      <EnvironmentNote pointer={`/limits/${name}`} label={label} />
    </div>
  )
}

interface ListFieldProps {
  readonly name: "secretNames" | "headerNames"
  readonly label: string
  readonly description: string
}

function ListField({ name, label, description }: ListFieldProps) {
  const { policy, change, faults } = useDraft()
  const entries = policy[name]
  const isLocked = useIsLocked(`/${name}`)
  return (
    <div className="grid content-start gap-1.5">
      <Field label={label} description={description} error={faultAt(faults, `/${name}`)}>
        {control => (
          <Textarea
            {...control}
            // What is typed is kept until the field is left: a new line would vanish at once.
            key={entries.join("\n")}
            defaultValue={entries.join("\n")}
            rows={Math.min(8, Math.max(3, entries.length))}
            className="font-data"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            disabled={isLocked}
            onBlur={event => change({ [name]: entriesOf(event.target.value) })}
          />
        )}
      </Field>
      <EnvironmentNote pointer={`/${name}`} label={label} />
    </div>
  )
}

function LicenseField() {
  const { policy, change, faults } = useDraft()
  const isLocked = useIsLocked("/licenseKey")
  return (
    <div className="grid content-start gap-1.5">
      <Field
        label="License key"
        description="Recorded with every call, as Docker UCP does; empty records none."
        error={faultAt(faults, "/licenseKey")}
      >
        {control => (
          <Input
            {...control}
            className="font-data"
            autoComplete="off"
            spellCheck={false}
            value={policy.licenseKey ?? ""}
            disabled={isLocked}
            onChange={event => change({ licenseKey: event.target.value === "" ? null : event.target.value })}
          />
        )}
      </Field>
      <EnvironmentNote pointer="/licenseKey" label="License key" />
    </div>
  )
}
