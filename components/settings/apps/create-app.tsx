"use client"

import { Plus } from "lucide-react"
import { useRouter } from "next/navigation"
import { useState } from "react"
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
import { Input } from "@/components/ui/input"
import { slugOf } from "./slug"

export interface CreateAppProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly createApp: Submit<{ readonly slug: string }>
}

const fields = ["name", "slug"] as const

/** The button and the dialog that make an app, and lead to its page. */
export function CreateApp({ slug, createApp }: CreateAppProps) {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus aria-hidden="true" />
          Create app
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Create an app"
        description="An app is a system that sends events: a service, a product, a device. Its keys can send for it alone."
      >
        <CreateAppForm slug={slug} createApp={createApp} />
      </DialogContent>
    </Dialog>
  )
}

function CreateAppForm({ slug, createApp }: CreateAppProps) {
  const router = useRouter()
  const [name, setName] = useState("")
  const [typedSlug, setTypedSlug] = useState<string | null>(null)
  const { pending, failure, submit } = useSubmit(createApp, fields, app =>
    router.push(`/${slug}/admin/settings/apps/${app.slug}`),
  )
  const appSlug = typedSlug ?? slugOf(name)
  return (
    <form
      noValidate
      className="contents"
      onSubmit={event => {
        event.preventDefault()
        submit({ name: name.trim(), slug: appSlug })
      }}
    >
      <DialogBody>
        <FormFailure failure={failure} />
        <Field label="Name" error={failure?.byField.name}>
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
          error={failure?.byField.slug}
          description="Names the app in filters, addresses and exports. It cannot be changed later."
        >
          {control => (
            <Input
              {...control}
              name="slug"
              value={appSlug}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              required
              className="font-data"
              onChange={event => setTypedSlug(event.target.value)}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" pending={pending}>
          Create app
        </Button>
      </DialogFooter>
    </form>
  )
}
