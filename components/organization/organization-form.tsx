"use client"

import { useRouter } from "next/navigation"
import { FormFailure } from "@/components/form/form-failure"
import { NameAndSlug, readNameAndSlug } from "@/components/form/name-and-slug"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { toast } from "@/components/ui/toast"

export interface OrganizationFormProps {
  readonly name: string
  readonly slug: string
  readonly updateOrganization: Submit<{ readonly slug: string }>
}

/** Renames the organization, or gives it another address; a new address is gone to at once. */
export function OrganizationForm({ name, slug, updateOrganization }: OrganizationFormProps) {
  const router = useRouter()
  const { pending, failure, submit } = useSubmit(updateOrganization, ["name", "slug"], changed => {
    toast("Organization saved")
    if (changed.slug !== slug) router.replace(`/${changed.slug}/admin/settings/organization`)
  })
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={event => {
        event.preventDefault()
        submit(readNameAndSlug(new FormData(event.currentTarget)))
      }}
    >
      <FormFailure failure={failure} />
      <NameAndSlug
        slugLabel="Address"
        name={name}
        slug={slug}
        note="With another address, every page of this organization moves: links that people have kept lead nowhere. API keys and sessions go on."
        wrong={failure?.byField ?? {}}
      />
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          Save
        </Button>
      </div>
    </form>
  )
}
