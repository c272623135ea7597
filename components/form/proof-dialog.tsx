"use client"

import { Button } from "@/components/ui/button"
import { Dialog, DialogBody, DialogClose, DialogContent, DialogFooter } from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { FormFailure, useWait } from "./form-failure"
import { PasswordInput } from "./password-input"
import { type Submit, useSubmit } from "./use-submit"

export interface ProofDialogProps {
  readonly prove: Submit<unknown, { readonly password: string }>
  readonly email: string
  readonly onAnswer: (proven: boolean) => void
}

const fields = ["password"] as const

/** Asks for the password again before something dangerous; what was typed behind it stays where it is. */
export default function ProofDialog({ prove, email, onAnswer }: ProofDialogProps) {
  const { pending, failure, submit } = useSubmit(prove, fields, () => onAnswer(true))
  const waitSeconds = useWait(failure)
  return (
    <Dialog open onOpenChange={open => (open ? undefined : onAnswer(false))}>
      <DialogContent
        title="Confirm that it is you"
        description="What you are about to do needs a proof of who you are that is at most five minutes old."
      >
        <form
          noValidate
          onSubmit={event => {
            event.preventDefault()
            // React hands events of a portal to the form around it, which must not be sent by this one.
            event.stopPropagation()
            submit({ password: String(new FormData(event.currentTarget).get("password")) })
          }}
        >
          <DialogBody>
            <FormFailure failure={failure} waitSeconds={waitSeconds} />
            {/* Tells a password manager whose password is asked for. */}
            <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
            <Field label="Password" error={failure?.byField.password}>
              {control => (
                <PasswordInput
                  {...control}
                  name="password"
                  autoComplete="current-password"
                  required
                  autoFocus
                />
              )}
            </Field>
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={pending} disabled={waitSeconds > 0}>
              Confirm
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
