"use client"

import { useRouter } from "next/navigation"
import { NameAndSlug, readNameAndSlug } from "@/components/form/name-and-slug"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"

export interface CreateAppProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly createApp: Submit<{ readonly slug: string }>
}

/** The button and the dialog that create an app, and lead to its page. */
export function CreateApp({ slug, createApp }: CreateAppProps) {
  const router = useRouter()
  return (
    <FormDialog
      trigger={<Button variant="primary">+ Create app</Button>}
      title="Create an app"
      description="An app is a system that sends events: a service, a product, a device. Its keys can send for it alone."
      submitLabel="Create app"
      action={createApp}
      fields={["name", "slug"]}
      read={readNameAndSlug}
      onDone={app => router.push(`/${slug}/admin/settings/apps/${app.slug}`)}
    >
      {wrong => (
        <NameAndSlug
          name=""
          slug={{ prefix: "app", reserved: [] }}
          slugLabel="Slug"
          note="Names the app in filters, URLs and exports. It cannot be changed later."
          wrong={wrong}
        />
      )}
    </FormDialog>
  )
}
