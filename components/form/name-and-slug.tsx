import { useState } from "react"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { type SlugRules, slugOf } from "./slug"

export interface NameAndSlugProps {
  readonly name: string
  /** What it is, or the rules of what is proposed: that follows the name until one types another. */
  readonly slug: string | SlugRules
  /** What the slug is called here. */
  readonly slugLabel: string
  /** What to know about the slug, below its field. */
  readonly note: string
  readonly wrong: Readonly<Record<string, string>>
}

/** The two fields that say what something is called, on screen and in addresses. */
export function NameAndSlug(props: NameAndSlugProps) {
  const { slug, slugLabel, note, wrong } = props
  const [name, setName] = useState(props.name)
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
      <Field label={slugLabel} error={wrong.slug} description={note}>
        {control => (
          <Input
            {...control}
            name="slug"
            value={typedSlug ?? (typeof slug === "string" ? slug : slugOf(name, slug))}
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

/** Promise: the two fields as they were typed. */
export function readNameAndSlug(data: FormData): { readonly name: string; readonly slug: string } {
  return { name: String(data.get("name")).trim(), slug: String(data.get("slug")).trim() }
}
