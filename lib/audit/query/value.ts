/** How a value is compared with that of an event. */
export type Comparison = QueryValue["is"]

/** A value of a query with its comparison, as `parseValue` returns it. */
export type QueryValue =
  | { readonly is: "equal"; readonly value: string }
  /** `value` is the beginning of the wanted texts, up to and including a dot. */
  | { readonly is: "prefix"; readonly value: string }
  /** `value` is the end of the wanted texts, from a dot on. */
  | { readonly is: "suffix"; readonly value: string }
  /** `value` is the canonical spelling of a network, `first` and `last` are its ips. */
  | { readonly is: "range"; readonly value: string; readonly first: string; readonly last: string }

/** Returns the value that only the same text equals. */
export function equalTo(value: string): QueryValue {
  return { is: "equal", value }
}

/** Returns the value as a query string has it and people read it. */
export function spellValue({ is, value }: QueryValue): string {
  switch (is) {
    case "prefix":
      return `${value}*`
    case "suffix":
      return `*${value}`
    case "equal":
    case "range":
      return value
  }
}

/** Returns the spelling of several values. */
export function spellValues(values: readonly QueryValue[] = []): readonly string[] {
  return values.map(spellValue)
}
