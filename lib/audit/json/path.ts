import { jsonPointer } from "@/lib/errors"

/** From this many keys on, an object's keys are looked up in a set instead of compared one by one. */
const keysComparedOneByOne = 24

/**
 * The position of a scanner in a JSON text, and the keys that the enclosing objects already have. Keys are kept as
 * positions in the text: nothing is copied until a pointer is needed.
 */
export class Path {
  depth = 0
  /** The window in which the places of keys lie. */
  private text: string
  /** Keys whose place is not in the window any more. */
  private readonly names: (string | undefined)[] = []
  /** By depth: element number in an array, -1 in an object. */
  private readonly elements: number[] = []
  /** By depth: where the keys of that object begin in `starts` and `ends`. */
  private readonly firstKeys: number[] = []
  /** By depth: the decoded keys, once there are many of them or one has an escape. */
  private readonly sets: (Set<string> | null)[] = []
  private readonly starts: number[] = []
  private readonly ends: number[] = []
  private keyCount = 0
  private readonly mostKeys: number

  /** At most `mostKeys` keys of one object are recorded. */
  constructor(text: string, mostKeys = Number.POSITIVE_INFINITY) {
    this.text = text
    this.mostKeys = mostKeys
  }

  /** Goes on with another window: what is known of the keys so far is kept apart from it. */
  changeText(text: string): void {
    // Those that are known already stand before those that are not.
    for (let key = this.keyCount - 1; key >= 0 && this.names[key] === undefined; key--) {
      this.names[key] = this.decode(key)
    }
    this.text = text
  }

  enter(kind: "object" | "array"): void {
    const depth = this.depth++
    this.elements[depth] = kind === "array" ? 0 : -1
    this.firstKeys[depth] = this.keyCount
    this.sets[depth] = null
  }

  leave(): void {
    this.depth--
    this.keyCount = this.firstKeys[this.depth] ?? 0
  }

  inObject(): boolean {
    return this.elements[this.depth - 1] === -1
  }

  nextElement(): void {
    const top = this.depth - 1
    this.elements[top] = (this.elements[top] ?? 0) + 1
  }

  /** Tells whether the value that is being read stands in the outermost object under one of these keys. */
  isUnder(keys: ReadonlySet<string>): boolean {
    return this.depth === 1 && this.inObject() && keys.has(this.decode(this.keyCount - 1))
  }

  /**
   * Records a key by its position (quotes included). Returns true when the object already has it, "beyond" when it has too
   * many.
   */
  key(start: number, end: number, escaped: boolean): boolean | "beyond" {
    const top = this.depth - 1
    const first = this.firstKeys[top] ?? 0
    if (this.keyCount - first >= this.mostKeys) return "beyond"
    const count = this.keyCount++
    if (count < this.names.length) this.names[count] = undefined
    this.starts[count] = start
    this.ends[count] = end
    const set = this.sets[top] ?? null
    if (set === null && !escaped && count - first < keysComparedOneByOne) return this.isAmong(first, count)
    const known = set ?? this.makeSet(top, first, count)
    const key = this.decode(count)
    if (known.has(key)) return true
    known.add(key)
    return false
  }

  private isAmong(first: number, count: number): boolean {
    const start = this.starts[count] ?? 0
    const size = (this.ends[count] ?? 0) - start
    for (let other = first; other < count; other++) {
      const name = this.names[other]
      if (name !== undefined) {
        if (name.length === size - 2 && this.text.startsWith(name, start + 1)) return true
        continue
      }
      const otherStart = this.starts[other] ?? 0
      if ((this.ends[other] ?? 0) - otherStart === size && this.isEqual(start, otherStart, size)) return true
    }
    return false
  }

  private isEqual(one: number, other: number, size: number): boolean {
    for (let offset = 1; offset < size; offset++) {
      if (this.text.charCodeAt(one + offset) !== this.text.charCodeAt(other + offset)) return false
    }
    return true
  }

  private makeSet(top: number, first: number, count: number): Set<string> {
    const set = new Set<string>()
    for (let key = first; key < count; key++) set.add(this.decode(key))
    this.sets[top] = set
    return set
  }

  private decode(key: number): string {
    return this.names[key] ?? JSON.parse(this.text.slice(this.starts[key], this.ends[key]))
  }

  /** Returns the pointer of the value that is being read. */
  ofValue(): string {
    return this.pointer(this.depth)
  }

  /** Returns the pointer of the array or object that was entered last. */
  ofContainer(): string {
    return this.pointer(this.depth - 1)
  }

  private pointer(length: number): string {
    const parts: (string | number)[] = []
    for (let level = 0; level < length; level++) {
      const element = this.elements[level] ?? 0
      // The current key of a level is the last one recorded before the keys of the next level begin.
      const next = level + 1 < this.depth ? (this.firstKeys[level + 1] ?? 0) : this.keyCount
      parts.push(element === -1 ? this.decode(next - 1) : element)
    }
    return jsonPointer(parts)
  }
}
