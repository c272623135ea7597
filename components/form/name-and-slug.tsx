import { useState } from "react"
import { type SlugRules, slugOf } from "./slug"
import { TextField } from "./text-field"

export interface NameAndSlugProps {
  readonly name: string
  /** The current slug, or the rules of the proposed one, which follows the name until somebody edits it. */
  readonly slug: string | SlugRules
  /** The label of the slug. */
  readonly slugLabel: string
  /** The hint below the slug. */
  readonly note: string
  readonly wrong: Readonly<Record<string, string>>
}

/** The two fields for a name, on screen and in urls. */
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
        missing={`Give a ${slugLabel.charAt(0).toLowerCase() === "u" ? slugLabel : slugLabel.toLowerCase()}.`}
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

/** Returns the values of the two fields. */
export function readNameAndSlug(data: FormData): { readonly name: string; readonly slug: string } {
  return { name: String(data.get("name")).trim(), slug: String(data.get("slug")).trim() }
}
