/** The rules of a slug for one kind of thing, beyond its form. */
export interface SlugRules {
  /** Added in front of an invalid slug: `3m` becomes `app-3m`. */
  readonly prefix: string
  /** Words that are not allowed as a slug. */
  readonly reserved: readonly string[]
}

const longest = 40

// Letters that normalization does not decompose, as their languages write them in plain ones.
const spelled: Readonly<Record<string, string>> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o" },
  ...{ ł: "l", đ: "d", ð: "d", þ: "th" },
}

/**
 * Returns a slug proposed for a name, which its rules accept: lower-case letters and digits joined by single hyphens, 2 to
 * 40 characters, beginning with a letter; "" when the name has neither letters nor digits.
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
