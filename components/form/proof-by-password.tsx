"use client"

import { Button } from "@/components/ui/button"
import { DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog"
import { Field } from "@/components/ui/field"
import { Form } from "./form"
import { FormFailure, useWait } from "./form-failure"
import { PasswordInput } from "./password-input"
import { type Submit, useSubmit } from "./use-submit"

export interface ProofByPasswordProps {
  readonly prove: Submit<unknown, { readonly password: string }>
  readonly email: string
  readonly onDone: () => void
  /** For people who cannot enter the password. */
  readonly onOtherWay: () => void
}

const fields = ["password"] as const

/** Proves the person's identity by the password. */
export function ProofByPassword({ prove, email, onDone, onOtherWay }: ProofByPasswordProps) {
  const submission = useSubmit(prove, fields, onDone)
  const { pending, failure, submit } = submission
  const waitSeconds = useWait(failure)
  return (
    <Form submission={submission} onSend={data => submit({ password: String(data.get("password")) })}>
      <DialogBody>
        <FormFailure failure={failure} waitSeconds={waitSeconds} />
        {/* Tells a password manager whose password is needed. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <Field label="Password" error={failure?.byField.password}>
          {control => (
            <PasswordInput
              {...control}
              name="password"
              data-missing="Give your password."
              autoComplete="current-password"
              required
              autoFocus
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button variant="link" className="mr-auto" onClick={onOtherWay}>
          Use an e-mail link
        </Button>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending} disabled={waitSeconds > 0}>
          Confirm
        </Button>
      </DialogFooter>
    </Form>
  )
}
