import { useState } from "react"
import { slugOf } from "@/components/settings/apps/slug"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"

export interface NameAndAddressProps {
  readonly name: string
  /** Null: it follows the name until one types another. */
  readonly slug: string | null
  /** What to know about the address, below its field. */
  readonly note: string
  readonly wrong: Readonly<Record<string, string>>
}

/** The two fields that say what an organization is called, and where it is. */
export function NameAndAddress(props: NameAndAddressProps) {
  const { note, wrong } = props
  const [name, setName] = useState(props.name)
  const [typedSlug, setTypedSlug] = useState(props.slug)
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
      <Field label="Address" error={wrong.slug} description={note}>
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

/** Promise: the two fields as they were typed. */
export function readNameAndAddress(data: FormData): { readonly name: string; readonly slug: string } {
  return { name: String(data.get("name")).trim(), slug: String(data.get("slug")).trim() }
}
