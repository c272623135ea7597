import { useState } from "react"
import { type SlugRules, slugOf } from "./slug"
import { TextField } from "./text-field"

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
      <TextField
        label="Name"
        error={wrong.name}
        name="name"
        value={name}
        limit={100}
        missing="Give a name."
        autoComplete="off"
        required
        onChange={event => setName(event.target.value)}
      />
      <TextField
        label={slugLabel}
        error={wrong.slug}
        description={note}
        name="slug"
        value={typedSlug ?? (typeof slug === "string" ? slug : slugOf(name, slug))}
        limit={40}
        missing={`Give ${/^[aeiou]/i.test(slugLabel) ? "an" : "a"} ${slugLabel.toLowerCase()}.`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
        className="font-data"
        onChange={event => setTypedSlug(event.target.value)}
      />
    </>
  )
}

/** Promise: the two fields as they were typed. */
export function readNameAndSlug(data: FormData): { readonly name: string; readonly slug: string } {
  return { name: String(data.get("name")).trim(), slug: String(data.get("slug")).trim() }
}
