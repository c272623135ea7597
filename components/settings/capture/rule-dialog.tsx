"use client"

import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import type { Failure } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { ChoiceList } from "@/components/ui/choice-list"
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { Textarea } from "@/components/ui/textarea"
import { describeRule } from "@/lib/audit/capture/describe"
import type { Rule } from "@/lib/audit/capture/policy"
import { BodyFlagField } from "./body-flag"
import { TickChoice } from "./choice"
import { useDraft } from "./draft-context"
import { faultsOfRule, type RuleText, ruleOfText, textOfRule } from "./rule-form"
import type { AppChoice } from "./view"
import { actorWords } from "./words"

export interface RuleDialogProps {
  /** Of the rule in the draft; one after the last creates a rule. */
  readonly index: number
  readonly apps: readonly AppChoice[]
  readonly onClose: () => void
  readonly onDone: (rule: Rule) => void
}

/** The dialog of one rule. It changes the draft, not what is saved. */
export function RuleDialog({ index, apps, onClose, onDone }: RuleDialogProps) {
  const { policy } = useDraft()
  const rule = policy.rules[index]
  return (
    <Dialog open onOpenChange={open => (open ? undefined : onClose())}>
      <DialogContent
        title={rule ? `Rule ${index + 1}` : "Add a rule"}
        description="All conditions that are given must hold; one value of each is enough."
        className="max-w-2xl!"
      >
        <RuleFields index={index} apps={apps} onDone={onDone} />
      </DialogContent>
    </Dialog>
  )
}

const methods = ["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"]
const outcomes = { success: "Succeeded", failure: "Failed", denied: "Denied" } as const

function RuleFields({ index, apps, onDone }: Pick<RuleDialogProps, "index" | "apps" | "onDone">) {
  const { policy } = useDraft()
  const [text, setText] = useState<RuleText>(() => textOfRule(policy.rules[index]))
  const [failure, setFailure] = useState<Failure | null>(null)
  const set = (part: Partial<RuleText>) => setText({ ...text, ...part })
  const refuse = (byField: Failure["byField"]) =>
    setFailure({ message: null, byField, retryAfterSeconds: undefined })
  const wrong = failure?.byField ?? {}
  const rule = ruleOfText(text)
  return (
    <Form
      className="contents"
      submission={{ failure, refuse }}
      check={() => faultsOfRule(policy, index, rule)}
      onSend={() => onDone(rule)}
    >
      <DialogBody>
        <FormFailure failure={failure} />
        <TextField
          label="Name"
          name="name"
          description="Shown in entries that this rule decided about."
          value={text.name}
          limit={100}
          missing="Give a name."
          autoComplete="off"
          required
          error={wrong.name}
          onChange={event => set({ name: event.target.value })}
        />
        <Ticks
          label="Methods"
          error={wrong.methods}
          choices={[...new Set([...methods, ...text.methods])].map(method => [method, method] as const)}
          chosen={text.methods}
          onChange={chosen => set({ methods: chosen })}
        />
        <Lines
          label="Paths"
          description="One on each line. Exact unless it ends in *; {name} stands for one segment."
          placeholder={"/secrets/create\n/secrets/{id}/update"}
          value={text.paths}
          error={wrong.paths}
          onChange={paths => set({ paths })}
        />
        <Lines
          label="Endpoints"
          description="One on each line, such as users.set_preferences; workers.* is every endpoint of a service."
          placeholder="workers.status_report"
          value={text.endpoints}
          error={wrong.endpoints}
          onChange={endpoints => set({ endpoints })}
        />
        <MoreConditions text={text} set={set} wrong={wrong} apps={apps} />
        <FlagFields text={text} set={set} wrong={wrong} />
        <p className="rounded-md bg-muted px-3 py-2 text-sm wrap-anywhere" aria-live="polite">
          {describeRule(rule, policy)}
        </p>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary">
          {policy.rules[index] ? "Change the draft" : "Add to the draft"}
        </Button>
      </DialogFooter>
    </Form>
  )
}

interface PartProps {
  readonly text: RuleText
  readonly set: (part: Partial<RuleText>) => void
  readonly wrong: Readonly<Record<string, string>>
}

function MoreConditions({ text, set, wrong, apps }: PartProps & { readonly apps: readonly AppChoice[] }) {
  return (
    <>
      <Ticks
        label="Outcomes"
        error={wrong.outcomes}
        choices={entries(outcomes)}
        chosen={text.outcomes}
        onChange={chosen => set({ outcomes: chosen })}
      />
      <Ticks
        label="Callers"
        error={wrong.actorTypes}
        choices={entries(actorWords)}
        chosen={text.actorTypes}
        onChange={chosen => set({ actorTypes: chosen })}
      />
      <div className="grid gap-1.5">
        <p className="text-sm font-medium">Apps that record the call</p>
        <ChoiceList
          label="Apps"
          choices={apps.map(({ slug, name }) => ({ id: slug, name, note: slug }))}
          chosen={text.apps}
          onChange={chosen => set({ apps: chosen })}
          empty="There are no apps yet."
        />
        {wrong.apps ? <p className="text-xs text-failure">{wrong.apps}</p> : null}
      </div>
    </>
  )
}

function FlagFields({ text, set, wrong }: PartProps) {
  const { policy, figures } = useDraft()
  const { call, data, resultData } = policy.default
  const words = (flag: boolean) => (flag ? "recorded" : "not recorded")
  const bodies = (flag: typeof data) => `As the default (${flag === false ? "not recorded" : "recorded"})`
  return (
    <fieldset className="grid gap-4 border-t pt-4 sm:grid-cols-2">
      <legend className="sr-only">What is recorded</legend>
      <Field label="The call" error={wrong.call} className="sm:col-span-2">
        {control => (
          <Select
            {...control}
            className="max-w-72"
            value={text.call === undefined ? "default" : String(text.call)}
            onChange={({ target: { value } }) =>
              set({ call: value === "default" ? undefined : value === "true" })
            }
          >
            <option value="default">As the default ({words(call)})</option>
            <option value="true">Recorded</option>
            <option value="false">Not recorded</option>
          </Select>
        )}
      </Field>
      <BodyFlagField
        label="Request data"
        part="request"
        value={text.data}
        inherited={bodies(data)}
        error={wrong.data}
        figures={figures}
        onChange={next => set({ data: next })}
      />
      <BodyFlagField
        label="Response data"
        part="response"
        value={text.resultData}
        inherited={bodies(resultData)}
        error={wrong.resultData}
        figures={figures}
        onChange={next => set({ resultData: next })}
      />
    </fieldset>
  )
}

interface TicksProps<Value extends string> {
  readonly label: string
  readonly error: string | undefined
  readonly choices: readonly (readonly [Value, string])[]
  readonly chosen: readonly Value[]
  readonly onChange: (chosen: readonly Value[]) => void
}

function Ticks<Value extends string>({ label, error, choices, chosen, onChange }: TicksProps<Value>) {
  return (
    <fieldset className="grid gap-2" data-invalid={error ? true : undefined}>
      <legend className="mb-1.5 text-sm font-medium">
        {label} <span className="font-normal text-muted-foreground">(none ticked: all)</span>
      </legend>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {choices.map(([value, words]) => (
          <TickChoice
            key={value}
            label={words.charAt(0).toUpperCase() + words.slice(1)}
            checked={chosen.includes(value)}
            onChange={isChosen =>
              onChange(isChosen ? [...chosen, value] : chosen.filter(each => each !== value))
            }
          />
        ))}
      </div>
      {error ? <p className="text-xs text-failure">{error}</p> : null}
    </fieldset>
  )
}

interface LinesProps {
  readonly label: string
  readonly description: string
  readonly placeholder: string
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (value: string) => void
}

function Lines({ value, placeholder, onChange, ...field }: LinesProps) {
  return (
    <Field {...field}>
      {control => (
        <Textarea
          {...control}
          rows={Math.min(6, Math.max(2, value.split("\n").length))}
          value={value}
          placeholder={placeholder}
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

/** Returns the members in their order, with the types of their names. */
function entries<Name extends string>(
  words: Readonly<Record<Name, string>>,
): readonly (readonly [Name, string])[] {
  // The one cast: an object literal has no other members than its type.
  return Object.entries(words) as [Name, string][]
}
