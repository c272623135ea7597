/** Something that was hidden. */
export interface Hidden {
  /** A JSON pointer to the value, relative to what was searched. */
  readonly pointer: string
  /** A name of the tables (`password`), a shape (`jwt`), or "policy" for a name that a policy adds. */
  readonly kind: string
}

/** The kinds of what is hidden in one value. */
export class Kinds {
  private readonly kinds: string[] = []

  add(kind: string): void {
    this.kinds.push(kind)
  }

  get count(): number {
    return this.kinds.length
  }

  since(count: number): readonly string[] {
    return this.kinds.slice(count)
  }

  all(): readonly string[] {
    return this.kinds
  }
}

/** What stands in place of a secret. */
export const hiddenMark = "[secret]"
