"use client"

import { type ReactNode, useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { ChoiceList, type ListChoice } from "@/components/ui/choice-list"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { toast } from "@/components/ui/toast"
import { counted, inWords, type Nouns, type PartsChanged } from "./group"

export interface AddPartsProps {
  /** `Add Members`, `Add Roles` ... */
  readonly label: string
  readonly groupName: string
  readonly nouns: Nouns
  readonly choices: readonly ListChoice[]
  /** Shown when there is nothing to choose. */
  readonly empty: string
  /** Adds the parts with these ids. */
  readonly add: Submit<PartsChanged, readonly string[]>
  /** The effect of adding, and a separate search where the choices are only the first of many. */
  readonly children?: ReactNode
}

/** The button and the dialog that add several parts to a group at once. */
export function AddParts({ label, ...props }: AddPartsProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">+ {label}</Button>
      </DialogTrigger>
      <DialogContent title={`${label} to ${props.groupName}`}>
        <AddForm {...props} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  )
}

type AddFormProps = Omit<AddPartsProps, "label"> & { readonly onDone: () => void }

function AddForm({ groupName, nouns, choices, empty, add, onDone, children }: AddFormProps) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const submission = useSubmit(add, ["chosen"], ({ changed }) => {
    onDone()
    toast(
      changed.length === 0
        ? `${groupName} had all of them already`
        : `${changed.length > 3 ? counted(changed.length, nouns) : inWords(changed.map(({ name }) => name))} added to ${groupName}`,
    )
  })
  const { pending, failure, submit, clear } = submission
  const nothing = failure?.byField.chosen
  return (
    <Form
      className="contents"
      submission={submission}
      check={() => ({ chosen: chosen.length === 0 ? `Choose at least one ${nouns[0]}.` : undefined })}
      onSend={() => submit(chosen)}
    >
      <DialogBody>
        <FormFailure failure={failure} />
        {children}
        <div className="grid gap-1.5" data-invalid={nothing ? true : undefined}>
          <ChoiceList
            label={nouns[1].replace(/^./, letter => letter.toUpperCase())}
            choices={choices}
            chosen={chosen}
            onChange={next => {
              setChosen(next)
              if (nothing) clear()
            }}
            empty={empty}
          />
          {nothing ? (
            <p role="alert" className="text-xs text-failure">
              {nothing}
            </p>
          ) : null}
        </div>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        {choices.length > 0 ? (
          <Button type="submit" variant="primary" pending={pending}>
            Add
          </Button>
        ) : null}
      </DialogFooter>
    </Form>
  )
}
