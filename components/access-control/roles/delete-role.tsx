"use client"

import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogFooter,
  DialogTrigger,
} from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { toast } from "@/components/ui/toast"
import { firstNames, heldByText, type RoleRow } from "./role"

export interface DeleteRoleProps {
  readonly role: RoleRow
  /** The roles that can replace it. */
  readonly replacements: readonly { readonly id: string; readonly name: string }[]
  readonly deleteRole: Submit
  readonly onDone: () => void
}

/** The button and the dialog that delete a role, listing who loses it, or what replaces it. */
export function DeleteRole({ role, replacements, deleteRole, onDone }: DeleteRoleProps) {
  const [open, setOpen] = useState(false)
  const [replacementId, setReplacementId] = useState("")
  const submission = useSubmit(deleteRole, ["replacementId"], () => {
    setOpen(false)
    toast(`Role “${role.name}” deleted`)
    onDone()
  })
  const { pending, failure, submit, clear } = submission
  const change = (next: boolean) => {
    setOpen(next)
    clear()
  }
  const { members, groups, invitations } = role.heldBy
  const names = firstNames(role)
  const isHeld = members + groups + invitations > 0
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button>Delete</Button>
      </DialogTrigger>
      <DialogContent title={`Delete the role “${role.name}”?`}>
        <Form
          className="contents"
          submission={submission}
          onSend={() => submit({ id: role.id, replacementId: replacementId || undefined })}
        >
          <DialogBody>
            <FormFailure failure={failure} />
            <p className="text-muted-foreground text-pretty">
              {isHeld
                ? `It is held by ${heldByText(role.heldBy)}${names && `: ${names}`}. A role that is held cannot just go: choose the role that they get in its place. What only this role gave them ends at their next request.`
                : "Nobody holds it, so nobody loses anything. Events that name it stay as they are."}
            </p>
            {isHeld ? (
              <Field label="Role in its place" error={failure?.byField.replacementId}>
                {control => (
                  <Select
                    {...control}
                    name="replacementId"
                    required
                    data-missing="Choose the role that they get."
                    value={replacementId}
                    onChange={event => setReplacementId(event.target.value)}
                  >
                    <option value="">Choose a role</option>
                    {replacements.map(({ id, name }) => (
                      <option key={id} value={id}>
                        {name}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
            ) : null}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="destructive" pending={pending}>
              Delete role
            </Button>
          </DialogFooter>
        </Form>
      </DialogContent>
    </Dialog>
  )
}
