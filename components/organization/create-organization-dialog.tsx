"use client"

import { useRouter } from "next/navigation"
import type { ComponentProps } from "react"
import { NameAndSlug, readNameAndSlug } from "@/components/form/name-and-slug"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"

export interface CreateOrganizationProps {
  readonly createOrganization: Submit<{ readonly slug: string }>
  /** Words that are not allowed as the slug of an organization. */
  readonly reservedSlugs: readonly string[]
}

type DialogProps = CreateOrganizationProps &
  Pick<ComponentProps<typeof FormDialog>, "trigger" | "open" | "onOpenChange">

/** The dialog that creates another organization, and leads to it. */
export default function CreateOrganizationDialog({
  createOrganization,
  reservedSlugs,
  ...opening
}: DialogProps) {
  const router = useRouter()
  return (
    <FormDialog
      {...opening}
      title="Create an organization"
      description="It has its own log, its own apps and its own members; nothing of this organization is seen there. You become its administrator."
      submitLabel="Create organization"
      action={createOrganization}
      fields={["name", "slug"]}
      read={readNameAndSlug}
      onDone={made => router.push(`/${made.slug}`)}
    >
      {wrong => (
        <NameAndSlug
          slugLabel="URL name"
          name=""
          slug={{ prefix: "org", reserved: reservedSlugs }}
          note="The first part of the URL of its pages: lower-case letters, digits and hyphens."
          wrong={wrong}
        />
      )}
    </FormDialog>
  )
}
