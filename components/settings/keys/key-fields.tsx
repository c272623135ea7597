"use client"

import { useState } from "react"
import { TextField } from "@/components/form/text-field"
import { Checkbox } from "@/components/ui/checkbox"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"
import { Textarea } from "@/components/ui/textarea"
import { dayAfter, lifetimes, utcMinute } from "./key-input"
import type { ScopeChoice } from "./scopes"

interface WithError {
  /** What is wrong with it, in words. */
  readonly error: string | undefined
}

/** The name of the key. */
export function KeyNameField({ error, name }: WithError & { readonly name?: string }) {
  return (
    <TextField
      label="Name"
      error={error}
      description="Where the key lives, such as “production server”."
      name="name"
      defaultValue={name}
      limit={100}
      missing="Give a name."
      autoComplete="off"
      required
    />
  )
}

export interface ExpiryFieldProps extends WithError {
  readonly label: string
  /** The current expiry, to be left unchanged: null when it never expires. */
  readonly kept?: string | null
}

/** The expiry of the key: one of some durations, never, or a day. */
export function ExpiryField({ label, kept, error }: ExpiryFieldProps) {
  const [chosen, setChosen] = useState(kept === undefined ? "90" : "keep")
  return (
    <Field
      label={label}
      error={error}
      description="At most a year ahead. The key works to the end of that day, in UTC."
    >
      {control => (
        <span className="flex flex-wrap gap-2">
          <Select
            {...control}
            name="expiresAt"
            value={chosen}
            className="max-w-60"
            onChange={event => setChosen(event.target.value)}
          >
            {kept === undefined ? null : (
              <option value="keep">
                {kept === null ? "As it is: never" : `As it is: ${utcMinute(kept)}`}
              </option>
            )}
            {lifetimes.map(({ days, label: words }) => (
              <option key={days} value={days}>
                {words}
              </option>
            ))}
            <option value="day">On a day …</option>
          </Select>
          {chosen === "day" ? (
            <Input
              type="date"
              name="expiresOn"
              required
              data-field="expiresAt"
              data-missing="Choose the last day."
              aria-label="Last day"
              min={dayAfter(0, new Date())}
              max={dayAfter(365, new Date())}
              className="max-w-40"
            />
          ) : null}
        </span>
      )}
    </Field>
  )
}

/** The networks from which the key may be used. */
export function NetworksField({ networks, error }: WithError & { readonly networks?: readonly string[] }) {
  return (
    <Field
      label="Allowed IP addresses"
      error={error}
      description="One IP address or network per line, such as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32. Leave it empty to allow any IP address. From elsewhere the key is refused like an unknown one."
    >
      {control => (
        <Textarea
          {...control}
          name="allowedNetworks"
          defaultValue={networks?.join("\n")}
          rows={Math.min(6, Math.max(2, networks?.length ?? 0))}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="font-data"
        />
      )}
    </Field>
  )
}

/** The permissions of the key; the first one is chosen by default. */
export function ScopesField({ scopes, error }: WithError & { readonly scopes: readonly ScopeChoice[] }) {
  return (
    <fieldset
      className="grid gap-2"
      data-invalid={error ? true : undefined}
      aria-describedby={error ? "scopes-error" : undefined}
    >
      <legend className="mb-1.5 text-sm font-medium">What the key may do</legend>
      {scopes.map(({ scope, description }, position) => (
        <label key={scope} htmlFor={`scope-${scope}`} className="flex items-start gap-2.5">
          <Checkbox
            id={`scope-${scope}`}
            name="scopes"
            value={scope}
            defaultChecked={position === 0}
            className="mt-0.5"
          />
          <span className="grid">
            <span className="font-data text-sm">{scope}</span>
            <span className="text-xs text-muted-foreground">{description}</span>
          </span>
        </label>
      ))}
      {error ? (
        <p id="scopes-error" className="text-xs text-failure">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
