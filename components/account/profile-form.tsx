"use client"

import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { TextField } from "@/components/form/text-field"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { toast } from "@/components/ui/toast"

export interface ProfileFormProps {
  readonly updateProfile: Submit<unknown, { readonly name: string }>
  readonly name: string
  readonly email: string
}

const fields = ["name"] as const

/** The name that colleagues see in the log. */
export function ProfileForm({ updateProfile, name, email }: ProfileFormProps) {
  const submission = useSubmit(updateProfile, fields, () => toast("Name changed."))
  const { pending, failure, submit } = submission
  return (
    <Form
      className="grid gap-4"
      submission={submission}
      onSend={data => submit({ name: String(data.get("name")).trim() })}
    >
      <FormFailure failure={failure} />
      <TextField
        label="Name"
        error={failure?.byField.name}
        name="name"
        autoComplete="name"
        limit={100}
        missing="Give a name."
        defaultValue={name}
        required
      />
      <Field label="E-mail" description="You sign in with it; mails go there. It cannot be changed here.">
        {control => <Input {...control} type="email" value={email} readOnly />}
      </Field>
      <Button type="submit" variant="primary" className="justify-self-start" pending={pending}>
        Change name
      </Button>
    </Form>
  )
}
