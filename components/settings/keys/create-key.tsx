"use client"

import { KeyRound, Plus } from "lucide-react"
import { useState } from "react"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { FirstEvent } from "@/components/settings/first-event/first-event"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { Checkbox } from "@/components/ui/checkbox"
import { CodeBlock } from "@/components/ui/code-block"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { Select } from "@/components/ui/select"
import type { ScopeChoice } from "./scopes"

export interface CreateKeyProps {
  readonly appSlug: string
  readonly baseUrl: string
  readonly scopes: readonly ScopeChoice[]
  readonly createKey: Submit<{ readonly key: string }>
  /** Hears the key, for the commands on the page. */
  readonly onCreated: (key: string) => void
}

/** The button and the dialog that make a key: what it may do and how long, then the key itself, once. */
export function CreateKey(props: CreateKeyProps) {
  const [open, setOpen] = useState(false)
  const [key, setKey] = useState<string | null>(null)
  const change = (next: boolean) => {
    setOpen(next)
    if (!next) setKey(null)
  }
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus aria-hidden="true" />
          Create key
        </Button>
      </DialogTrigger>
      {key === null ? (
        <DialogContent
          title="Create an API key"
          description="The app uses it to send events, or to read them, without a person signing in."
        >
          <CreateKeyForm
            {...props}
            onCreated={created => {
              setKey(created)
              props.onCreated(created)
            }}
          />
        </DialogContent>
      ) : (
        <DialogContent
          title="Your new key"
          className="max-w-2xl!"
          // A stray click must not take away what is shown only once.
          onInteractOutside={event => event.preventDefault()}
        >
          <NewKey apiKey={key} baseUrl={props.baseUrl} />
        </DialogContent>
      )}
    </Dialog>
  )
}

function NewKey({ apiKey, baseUrl }: { readonly apiKey: string; readonly baseUrl: string }) {
  return (
    <>
      <DialogBody>
        <Alert tone="warning" title="Copy it now" role="status">
          Only its hash is kept, so it cannot be shown again.
        </Alert>
        <CodeBlock text={apiKey} copyLabel="Copy the key" wrapped />
        <h3 className="-mb-2 font-medium">Send a first event</h3>
        <FirstEvent baseUrl={baseUrl} apiKey={apiKey} />
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button variant="primary">
            <KeyRound aria-hidden="true" />I have copied the key
          </Button>
        </DialogClose>
      </DialogFooter>
    </>
  )
}

const lifetimes = [
  { days: "30", label: "30 days" },
  { days: "90", label: "90 days" },
  { days: "365", label: "1 year" },
  { days: "never", label: "Never" },
] as const

/** The day (UTC) that many days from now; the key works to its end. */
function dayAfter(days: number, now: Date): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10)
}

const fields = ["name", "scopes", "expiresAt"] as const

function CreateKeyForm({ appSlug, scopes, createKey, onCreated }: CreateKeyProps) {
  const { pending, failure, submit } = useSubmit(createKey, fields, ({ key }) => onCreated(key))
  return (
    <form
      noValidate
      className="contents"
      onSubmit={event => {
        event.preventDefault()
        const data = new FormData(event.currentTarget)
        const days = String(data.get("expiresAt"))
        submit({
          app: appSlug,
          name: String(data.get("name")).trim(),
          scopes: data.getAll("scopes").map(String),
          expiresAt: days === "never" ? null : dayAfter(Number(days), new Date()),
        })
      }}
    >
      <DialogBody>
        <FormFailure failure={failure} />
        <Field
          label="Name"
          error={failure?.byField.name}
          description="Where the key lives, such as “production server”."
        >
          {control => <Input {...control} name="name" maxLength={100} autoComplete="off" required />}
        </Field>
        <ScopesField scopes={scopes} error={failure?.byField.scopes} />
        <Field
          label="Expires after"
          description="The key works to the end of that day, in UTC."
          error={failure?.byField.expiresAt}
        >
          {control => (
            <Select {...control} name="expiresAt" defaultValue="90" className="max-w-48">
              {lifetimes.map(({ days, label }) => (
                <option key={days} value={days}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending}>
          Create key
        </Button>
      </DialogFooter>
    </form>
  )
}

function ScopesField({
  scopes,
  error,
}: {
  readonly scopes: readonly ScopeChoice[]
  readonly error: string | undefined
}) {
  return (
    <fieldset className="grid gap-2" aria-describedby={error ? "scopes-error" : undefined}>
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
