/** Passes values from one task to another, which may fall behind by one: then `give` waits. */
export class Handover<T> {
  #waiting: T[] = []
  #end: { readonly error?: unknown } | null = null
  #isRefused = false
  #wake = () => {}
  #changed = this.#nextChange()

  /** Resolves when there is room again; with false when the receiver has stopped. */
  async give(value: T): Promise<boolean> {
    this.#waiting.push(value)
    this.#change()
    while (this.#waiting.length > 1 && !this.#isRefused) await this.#changed
    return !this.#isRefused
  }

  /** Ends the sequence: no further values. */
  end(): void {
    this.#end ??= {}
    this.#change()
  }

  /** Ends the sequence with an error. */
  fail(error: unknown): void {
    this.#end ??= { error }
    this.#change()
  }

  /** Stops receiving. */
  refuse(): void {
    this.#isRefused = true
    this.#change()
  }

  /** Returns the next value, or null after the last one. Throws the error passed to `fail`. */
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
