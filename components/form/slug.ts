/** What a kind of thing asks of a slug, beyond how it is spelled. */
export interface SlugRules {
  /** Put before what could not stand alone: `3m` becomes `app-3m`. */
  readonly prefix: string
  /** Words that no slug may be. */
  readonly reserved: readonly string[]
}

const longest = 40

// Letters that no decomposition takes apart, as their languages write them in plain ones.
const spelled: Readonly<Record<string, string>> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o" },
  ...{ ł: "l", đ: "d", ð: "d", þ: "th" },
}

/**
 * Promise: a proposal for the slug of a name that its rules accept: lower-case letters and digits joined by single hyphens, 2 to
 * 40 characters, beginning with a letter; "" when the name has neither letters nor digits to make one of.
 */
export function slugOf(name: string, { prefix, reserved }: SlugRules): string {
  const slug = cut(
    name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[ßæœøłđðþ]/g, letter => spelled[letter] ?? "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-/, ""),
  )
  const standsAlone = /^[a-z]./.test(slug) && !reserved.includes(slug)
  return slug === "" || standsAlone ? slug : cut(`${prefix}-${slug}`)
}

function cut(slug: string): string {
  return slug.slice(0, longest).replace(/-$/, "")
}
