"use client"

import { useId, useState } from "react"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { Checkbox } from "@/components/ui/checkbox"
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
import { inWords, type MemberFacts, type RoleChoice } from "./member"

/** What the dialog sends. */
export interface ChangeRolesInput {
  readonly personId: string
  readonly roleIds: readonly string[]
  /** The roles that the member held directly when the dialog was opened. */
  readonly expected: { readonly roleIds: readonly string[] }
  /** Set to confirm that people remove a role from themselves. */
  readonly self?: true
}

export interface ChangeRolesProps {
  readonly member: Pick<MemberFacts, "personId" | "name" | "isSelf" | "roles">
  readonly choices: readonly RoleChoice[]
  readonly changeRoles: Submit<unknown, ChangeRolesInput>
}

/** The button and the dialog that set the roles that a member holds directly. */
export function ChangeRoles(props: ChangeRolesProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">Change roles</Button>
      </DialogTrigger>
      <DialogContent
        title={`Change the roles of ${props.member.name}`}
        description="These are the roles held directly. What comes through groups, or in single apps, stays as it is."
      >
        <ChangeRolesForm {...props} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  )
}

function ChangeRolesForm({
  member,
  choices,
  changeRoles,
  onDone,
}: ChangeRolesProps & { readonly onDone: () => void }) {
  // The state when the dialog was opened, even when the page behind it has been rendered again since.
  const [held] = useState(() =>
    member.roles.filter(({ through }) => through.kind === "directly").map(({ id }) => id),
  )
  const [chosen, setChosen] = useState<readonly string[]>(held)
  const [isMeant, setMeant] = useState(false)
  const { pending, failure, submit } = useSubmit(changeRoles, [], () => {
    onDone()
    toast(`Roles of ${member.name} changed`)
  })
  const taken = held.filter(id => !chosen.includes(id))
  const isSame = taken.length === 0 && chosen.length === held.length
  const givesUp = member.isSelf && taken.length > 0
  const send = () =>
    submit({
      personId: member.personId,
      roleIds: chosen,
      expected: { roleIds: held },
      ...(givesUp && isMeant && { self: true }),
    })
  return (
    <>
      <DialogBody>
        <FormFailure failure={failure} />
        <ChoiceList
          label="Roles"
          choices={choices.map(({ id, name, description, refusal }) => ({
            ...{ id, name, note: description },
            ...(refusal !== null && { refusal }),
          }))}
          chosen={chosen}
          onChange={setChosen}
          empty="There are no roles."
        />
        {givesUp ? (
          <GiveUp
            names={choices.filter(({ id }) => taken.includes(id)).map(({ name }) => name)}
            isMeant={isMeant}
            onMean={setMeant}
          />
        ) : null}
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button variant="primary" pending={pending} disabled={isSame || (givesUp && !isMeant)} onClick={send}>
          Save
        </Button>
      </DialogFooter>
    </>
  )
}

interface GiveUpProps {
  readonly names: readonly string[]
  readonly isMeant: boolean
  readonly onMean: (isMeant: boolean) => void
}

/** Asks people who remove a role from themselves for a confirmation. */
function GiveUp({ names, isMeant, onMean }: GiveUpProps) {
  const id = useId()
  return (
    <label htmlFor={id} className="flex items-start gap-2.5 text-sm">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={isMeant}
        onChange={event => onMean(event.target.checked)}
      />
      <span className="text-pretty">
        This is me. I give up {inWords(names)} myself, and cannot give it back to myself.
      </span>
    </label>
  )
}
