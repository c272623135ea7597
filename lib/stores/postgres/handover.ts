/** Passes values from one task to another, which may fall behind by one: whoever gives then waits. */
export class Handover<T> {
  #waiting: T[] = []
  #end: { readonly error?: unknown } | null = null
  #isRefused = false
  #wake = () => {}
  #changed = this.#nextChange()

  /** Promise: resolves when there is room again; false when nobody takes any more. */
  async give(value: T): Promise<boolean> {
    this.#waiting.push(value)
    this.#change()
    while (this.#waiting.length > 1 && !this.#isRefused) await this.#changed
    return !this.#isRefused
  }

  /** Nothing more will be given. */
  end(): void {
    this.#end ??= {}
    this.#change()
  }

  /** Nothing more will be given, for this reason. */
  fail(error: unknown): void {
    this.#end ??= { error }
    this.#change()
  }

  /** Nothing more will be taken. */
  refuse(): void {
    this.#isRefused = true
    this.#change()
  }

  /** Promise: the next value, or null after the last one; throws what `fail` was given. */
  async take(): Promise<T | null> {
    while (this.#waiting.length === 0 && this.#end === null) await this.#changed
    const value = this.#waiting.shift()
    this.#change()
    if (value !== undefined) return value
    if (this.#end && "error" in this.#end) throw this.#end.error
    return null
  }

  #change(): void {
    const wake = this.#wake
    this.#changed = this.#nextChange()
    wake()
  }

  #nextChange(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }
}
