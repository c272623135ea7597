"use client"

import { FormFailure } from "@/components/form/form-failure"
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

/** The name under which colleagues read what the person does. */
export function ProfileForm({ updateProfile, name, email }: ProfileFormProps) {
  const { pending, failure, submit } = useSubmit(updateProfile, fields, () => toast("Name changed."))
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={event => {
        event.preventDefault()
        submit({ name: String(new FormData(event.currentTarget).get("name")).trim() })
      }}
    >
      <FormFailure failure={failure} />
      <Field label="Name" error={failure?.byField.name}>
        {control => (
          <Input {...control} name="name" autoComplete="name" maxLength={200} defaultValue={name} required />
        )}
      </Field>
      <Field label="E-mail" description="You sign in with it; mails go there. It cannot be changed here.">
        {control => <Input {...control} type="email" value={email} readOnly />}
      </Field>
      <Button type="submit" variant="primary" className="justify-self-start" pending={pending}>
        Change name
      </Button>
    </form>
  )
}
