"use client"

import { useRouter } from "next/navigation"
import { useState } from "react"
import { Form } from "@/components/form/form"
import { FormFailure } from "@/components/form/form-failure"
import { NameAndSlug, readNameAndSlug } from "@/components/form/name-and-slug"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { Button } from "@/components/ui/button"
import { toast } from "@/components/ui/toast"

/** What the form is about. */
interface OrganizationText {
  readonly name: string
  readonly slug: string
}

export interface OrganizationFormProps extends OrganizationText {
  readonly updateOrganization: Submit<
    OrganizationText,
    OrganizationText & { readonly expected: OrganizationText }
  >
}

/** Changes the name or the slug of the organization; a new url is opened at once. */
export function OrganizationForm({ name, slug, updateOrganization }: OrganizationFormProps) {
  const router = useRouter()
  // The initial values of the fields, even when the page around them has been rendered again since.
  const [expected, setExpected] = useState<OrganizationText>({ name, slug })
  const submission = useSubmit(updateOrganization, ["name", "slug"], changed => {
    toast("Organization saved")
    setExpected({ name: changed.name, slug: changed.slug })
    if (changed.slug !== slug) router.replace(`/${changed.slug}/admin/settings/organization`)
  })
  const { pending, failure, submit } = submission
  return (
    <Form
      className="grid gap-4"
      submission={submission}
      onSend={data => submit({ ...readNameAndSlug(data), expected })}
    >
      <FormFailure failure={failure} />
      <NameAndSlug
        slugLabel="URL name"
        name={name}
        slug={slug}
        note="With another URL name, every page of this organization moves, and saved links no longer work. API keys and sessions stay valid."
        wrong={failure?.byField ?? {}}
      />
      <div>
        <Button type="submit" variant="primary" pending={pending}>
          Save
        </Button>
      </div>
    </Form>
  )
}
