"use client"

import { type ReactNode, useState } from "react"
import type { FieldFaults } from "@/components/form/faults"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { ChoiceList } from "@/components/ui/choice-list"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { toast } from "@/components/ui/toast"
import { PermissionBoxes } from "./permission-boxes"
import type { RoleOptions, RoleText } from "./role"

export interface RoleDialogProps {
  /** What opens it. */
  readonly trigger: ReactNode
  readonly title: string
  /** The label of the last button. */
  readonly saveLabel: string
  readonly initial: RoleText
  readonly options: RoleOptions
  readonly save: Submit<unknown, RoleText>
  readonly done: (name: string) => string
}

/** The dialog that creates or changes a role, in two steps: its name, then its permissions. */
export function RoleDialog({ trigger, ...props }: RoleDialogProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>{trigger}</DialogTrigger>
      <DialogContent title={props.title} className="max-w-xl!">
        <RoleForm {...props} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  )
}

const fields = ["name", "description", "permissions", "appIds"] as const

function RoleForm({
  initial,
  options,
  save,
  saveLabel,
  done,
  onDone,
}: Omit<RoleDialogProps, "trigger"> & { readonly onDone: () => void }) {
  const [step, setStep] = useState<1 | 2>(1)
  const [role, setRole] = useState(initial)
  const [limited, setLimited] = useState(initial.appIds.length > 0)
  const submission = useSubmit(save, fields, () => {
    toast(done(role.name.trim()))
    onDone()
  })
  const { pending, failure, submit, clear } = submission
  const wrong: FieldFaults = failure?.byField ?? {}
  // Faults of the first step are shown there.
  const shown = step === 2 && (failure?.byField.name || failure?.byField.description) ? 1 : step
  const change = (part: Partial<RoleText>) => setRole({ ...role, ...part })
  const goTo = (next: 1 | 2) => {
    clear()
    setStep(next)
  }
  const send = () => {
    if (shown === 1) goTo(2)
    else submit({ ...role, name: role.name.trim(), appIds: limited ? role.appIds : [] })
  }
  const check = (): FieldFaults => ({
    appIds: shown === 2 && limited && role.appIds.length === 0 ? "Choose at least one app." : undefined,
  })
  return (
    <Form className="contents" submission={submission} check={check} onSend={send}>
      <DialogBody key={shown}>
        <p className="text-xs text-muted-foreground">Step {shown} of 2</p>
        <FormFailure failure={failure} />
        {shown === 1 ? (
          <NameStep role={role} change={change} wrong={wrong} />
        ) : (
          <>
            <AppLimit
              options={options}
              limited={limited}
              onLimit={setLimited}
              chosen={role.appIds}
              onChange={appIds => change({ appIds })}
              error={wrong.appIds}
            />
            <PermissionBoxes
              options={options.permissions}
              chosen={role.permissions}
              limited={limited}
              error={wrong.permissions}
              onChange={permissions => change({ permissions })}
            />
          </>
        )}
      </DialogBody>
      <DialogFooter>
        {shown === 1 ? (
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
        ) : (
          <Button onClick={() => goTo(1)}>Back</Button>
        )}
        <Button key={shown} type="submit" variant="primary" pending={pending}>
          {shown === 1 ? "Next" : saveLabel}
        </Button>
      </DialogFooter>
    </Form>
  )
}

interface NameStepProps {
  readonly role: RoleText
  readonly change: (part: Partial<RoleText>) => void
  readonly wrong: FieldFaults
}

function NameStep({ role, change, wrong }: NameStepProps) {
  return (
    <>
      <TextField
        label="Name"
        error={wrong.name}
        autoFocus
        name="name"
        value={role.name}
        limit={100}
        missing="Give a name."
        autoComplete="off"
        required
        onChange={event => change({ name: event.target.value })}
      />
      <TextField
        label="Description"
        description="For other administrators: who should hold this role, and why."
        error={wrong.description}
        name="description"
        value={role.description}
        limit={500}
        autoComplete="off"
        onChange={event => change({ description: event.target.value })}
      />
    </>
  )
}

interface AppLimitProps {
  readonly options: RoleOptions
  readonly limited: boolean
  readonly onLimit: (limited: boolean) => void
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  readonly error: string | undefined
}

function AppLimit({ options, limited, onLimit, chosen, onChange, error }: AppLimitProps) {
  return (
    <fieldset className="grid min-w-0 gap-2" data-invalid={error ? true : undefined}>
      <legend className="mb-1.5 text-sm font-medium">In which apps</legend>
      {[
        { value: false, label: "All apps", note: "Also those that are made later." },
        { value: true, label: "Chosen apps", note: "Its holders see the events of these apps only." },
      ].map(({ value, label, note }) => (
        <label key={label} htmlFor={`limit-${value}`} className="flex cursor-pointer items-start gap-2.5">
          <input
            id={`limit-${value}`}
            type="radio"
            name="limit"
            className="mt-0.5 size-4 shrink-0 accent-primary"
            checked={limited === value}
            onChange={() => onLimit(value)}
          />
          <span className="grid">
            <span className="text-sm">{label}</span>
            <span className="text-xs text-muted-foreground">{note}</span>
          </span>
        </label>
      ))}
      {limited ? (
        <ChoiceList
          label="Apps"
          choices={options.apps.map(({ id, name, slug, archived }) => ({
            id,
            name,
            note: archived ? `${slug}, archived` : slug,
          }))}
          chosen={chosen}
          onChange={onChange}
          empty="There are no apps yet."
        />
      ) : null}
      {error ? (
        <p role="alert" className="text-xs text-failure">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
