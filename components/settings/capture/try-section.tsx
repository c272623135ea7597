"use client"

import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Badge } from "@/components/ui/badge"
import { Button } from "@/components/ui/button"
import { CodeBlock } from "@/components/ui/code-block"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { Textarea } from "@/components/ui/textarea"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { ProfileName } from "@/lib/audit/capture/profiles/profile"
import { useDraft } from "./draft-context"
import { CaptureSection } from "./section"
import {
  callOfText,
  decisionWords,
  faultsOfText,
  keptWords,
  type TriedCall,
  type TryAnswer,
  type TryText,
} from "./try-call"
import type { AppChoice } from "./view"

export interface TrySectionProps {
  readonly apps: readonly AppChoice[]
  readonly tryCall: Submit<TryAnswer, { readonly policy: CapturePolicy; readonly call: TriedCall }>
}

const profiles: readonly (readonly [ProfileName, string])[] = [
  ["generic", "Any HTTP API"],
  ["docker", "Docker, UCP, Swarm"],
  ["kubernetes", "Kubernetes"],
  ["clearml", "ClearML"],
  ["clarifai", "Clarifai"],
]
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
const controls = ["method", "path", "headers", "requestBody", "status", "responseBody", "app"]

const empty: TryText = {
  profile: "generic",
  method: "GET",
  path: "",
  headers: "Content-Type: application/json",
  requestBody: "",
  status: "200",
  responseBody: "",
  app: "",
}

/** A made-up call under the draft: which rule decides, and the exact event that it would leave. */
export function TrySection({ apps, tryCall }: TrySectionProps) {
  const { policy, faults } = useDraft()
  const [text, setText] = useState(empty)
  const [answer, setAnswer] = useState<TryAnswer | null>(null)
  const submission = useSubmit(tryCall, controls, setAnswer)
  const { pending, failure, submit } = submission
  const set = (part: Partial<TryText>) => setText({ ...text, ...part })
  return (
    <CaptureSection
      id="capture-try"
      title="Try a call"
      description="The call is made up: nothing is sent to the API and nothing is stored. The draft decides, also before it is saved."
    >
      <Form
        className="grid gap-4"
        submission={submission}
        check={() => faultsOfText(text)}
        onSend={() => submit({ policy, call: callOfText(text) })}
      >
        <FormFailure failure={failure} />
        <TriedRequest text={text} set={set} wrong={failure?.byField ?? {}} apps={apps} />
        <div>
          <Button type="submit" pending={pending} disabled={faults.size > 0}>
            Try
          </Button>
        </div>
      </Form>
      <div aria-live="polite">{answer === null ? null : <Answer {...answer} />}</div>
    </CaptureSection>
  )
}

interface TriedRequestProps {
  readonly text: TryText
  readonly set: (part: Partial<TryText>) => void
  readonly wrong: Readonly<Record<string, string>>
  readonly apps: readonly AppChoice[]
}

function TriedRequest({ text, set, wrong, apps }: TriedRequestProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-6">
      <Choice
        label="Method"
        className="sm:col-span-1"
        choices={methods.map(method => [method, method] as const)}
        value={text.method}
        onChange={method => set({ method })}
      />
      <div className="sm:col-span-3">
        <TextField
          label="Path"
          name="path"
          error={wrong.path}
          value={text.path}
          placeholder="/v1.41/containers/create?name=web"
          missing="Enter a path."
          className="font-data"
          autoComplete="off"
          spellCheck={false}
          required
          onChange={event => set({ path: event.target.value })}
        />
      </div>
      <Choice
        label="API"
        className="sm:col-span-2"
        choices={profiles}
        value={text.profile}
        onChange={profile => set({ profile })}
      />
      <Lines
        label="Headers"
        error={wrong.headers}
        value={text.headers}
        onChange={headers => set({ headers })}
      />
      <Lines
        label="Request body"
        error={wrong.requestBody}
        value={text.requestBody}
        onChange={requestBody => set({ requestBody })}
      />
      <div className="sm:col-span-1">
        <TextField
          label="Status"
          name="status"
          inputMode="numeric"
          error={wrong.status}
          value={text.status}
          missing="Enter a status."
          autoComplete="off"
          required
          onChange={event => set({ status: event.target.value })}
        />
      </div>
      <Choice
        label="Recorded by"
        className="sm:col-span-2"
        choices={[["", "Any app"], ...apps.map(({ slug, name }) => [slug, name] as const)]}
        value={text.app}
        onChange={app => set({ app })}
      />
      <Lines
        label="Response body"
        error={wrong.responseBody}
        value={text.responseBody}
        onChange={responseBody => set({ responseBody })}
      />
    </div>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly className: string
  readonly choices: readonly (readonly [Value, string])[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}

function Choice<Value extends string>({ choices, value, onChange, className, ...field }: ChoiceProps<Value>) {
  return (
    <Field {...field} className={`content-start ${className}`}>
      {control => (
        <Select
          {...control}
          value={value}
          onChange={event => {
            const chosen = choices.find(([each]) => each === event.target.value)
            if (chosen) onChange(chosen[0])
          }}
        >
          {choices.map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

interface LinesProps {
  readonly label: string
  readonly error: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
}

function Lines({ label, error, value, onChange }: LinesProps) {
  return (
    <Field label={label} error={error} className="content-start sm:col-span-3">
      {control => (
        <Textarea
          {...control}
          rows={3}
          value={value}
          className="font-data"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={event => onChange(event.target.value)}
        />
      )}
    </Field>
  )
}

function Answer({ endpoint, decision, event }: TryAnswer) {
  return (
    <div className="grid gap-3 border-t pt-4">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <Badge tone={decision.call ? "success" : "neutral"}>
          {decision.call ? "Recorded" : "Not recorded"}
        </Badge>
        <span className="wrap-anywhere">
          {decisionWords(decision)} {keptWords(decision)}
        </span>
      </p>
      <p className="text-xs text-muted-foreground wrap-anywhere">
        Endpoint: <code className="font-data text-foreground">{endpoint}</code>
      </p>
      {event === null ? null : (
        <CodeBlock text={JSON.stringify(event, null, 2)} copyLabel="Copy the event" wrapped />
      )}
    </div>
  )
}
