/** A piece of a statement. Values never stand in its text: between two texts stands one value. */
export interface Sql {
  readonly texts: readonly string[]
  readonly values: readonly unknown[]
}

/** Promise: the statement with every value as a parameter; pieces of SQL are put in with their own values. */
export function sql(texts: TemplateStringsArray, ...inputs: readonly unknown[]): Sql {
  return inputs.reduce<Sql>(
    (whole, input, at) =>
      append(append(whole, isSql(input) ? input : parameter(input)), fixed(texts[at + 1] ?? "")),
    fixed(texts[0] ?? ""),
  )
}

/** Returns a piece of SQL that is written in the program and holds no value. */
export function fixed(only: string): Sql {
  return { texts: [only], values: [] }
}

/** Promise: all conditions together; none is true. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : joined(conditions, " AND ")
}

/** Promise: at least one of the conditions; none is false. */
export function any(conditions: readonly Sql[]): Sql {
  const [only, ...others] = conditions
  if (!only) return sql`false`
  return others.length === 0 ? only : sql`(${joined(conditions, " OR ")})`
}

/** Promise: the text and values as `pg` takes them. */
export function render({ texts, values }: Sql): {
  readonly text: string
  readonly values: readonly unknown[]
} {
  return { text: texts.reduce((whole, next, at) => `${whole}$${at}${next}`), values }
}

function joined(pieces: readonly Sql[], separator: string): Sql {
  return pieces.reduce((whole, next) => append(append(whole, fixed(separator)), next))
}

function parameter(value: unknown): Sql {
  return { texts: ["", ""], values: [value] }
}

function append(left: Sql, right: Sql): Sql {
  const seam = (left.texts.at(-1) ?? "") + (right.texts[0] ?? "")
  return {
    texts: [...left.texts.slice(0, -1), seam, ...right.texts.slice(1)],
    values: [...left.values, ...right.values],
  }
}

function isSql(input: unknown): input is Sql {
  return typeof input === "object" && input !== null && "texts" in input && "values" in input
}
