"use client"

import { Plus } from "lucide-react"
import { useRouter } from "next/navigation"
import { useState } from "react"
import type { Submit } from "@/components/form/use-submit"
import { FormDialog } from "@/components/settings/form-dialog"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { slugOf } from "./slug"

export interface CreateAppProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly createApp: Submit<{ readonly slug: string }>
}

/** The button and the dialog that make an app, and lead to its page. */
export function CreateApp({ slug, createApp }: CreateAppProps) {
  const router = useRouter()
  return (
    <FormDialog
      trigger={
        <Button variant="primary">
          <Plus aria-hidden="true" />
          Create app
        </Button>
      }
      title="Create an app"
      description="An app is a system that sends events: a service, a product, a device. Its keys can send for it alone."
      submitLabel="Create app"
      action={createApp}
      fields={["name", "slug"]}
      read={data => ({ name: String(data.get("name")).trim(), slug: String(data.get("slug")) })}
      onDone={app => router.push(`/${slug}/admin/settings/apps/${app.slug}`)}
    >
      {wrong => <AppFields wrong={wrong} />}
    </FormDialog>
  )
}

/** The name of an app, and the slug that follows it until one types another. */
function AppFields({ wrong }: { readonly wrong: Readonly<Record<string, string>> }) {
  const [name, setName] = useState("")
  const [typedSlug, setTypedSlug] = useState<string | null>(null)
  return (
    <>
      <Field label="Name" error={wrong.name}>
        {control => (
          <Input
            {...control}
            name="name"
            value={name}
            maxLength={100}
            autoComplete="off"
            required
            onChange={event => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Slug"
        error={wrong.slug}
        description="Names the app in filters, addresses and exports. It cannot be changed later."
      >
        {control => (
          <Input
            {...control}
            name="slug"
            value={typedSlug ?? slugOf(name)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
            className="font-data"
            onChange={event => setTypedSlug(event.target.value)}
          />
        )}
      </Field>
    </>
  )
}
