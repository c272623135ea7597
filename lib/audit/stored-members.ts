/** The wanted members of a stored event, by path. */
export interface WantedMembers {
  /** Returns the index of a member in the result of `read`; "actor.name" is the name of the actor. */
  readonly place: (path: string) => number
  /** Returns the JSON text of each wanted member, undefined where there is none, without parsing values. */
  readonly read: (body: string) => readonly (string | undefined)[]
}

interface Node {
  place: number
  readonly children: Map<string, Node>
}

const quote = 34
const backslash = 92
const openArray = 91
const closeArray = 93
const openObject = 123
const closeObject = 125

/** Returns a reader for some members of stored events. Call `place` for all of them before the first `read`. */
export function wantedMembers(): WantedMembers {
  const root: Node = { place: -1, children: new Map() }
  let places = 0

  function place(path: string): number {
    let node = root
    for (const name of path.split(".")) {
      const child = node.children.get(name) ?? { place: -1, children: new Map() }
      node.children.set(name, child)
      node = child
    }
    if (node.place === -1) node.place = places++
    return node.place
  }

  return {
    place,
    read(body) {
      const found: (string | undefined)[] = new Array(places).fill(undefined)
      readObject(body, skipSpace(body, 0), root, found)
      return found
    },
  }
}

/**
 * Reads the object that begins at `at`, and returns where it ends. The text is valid JSON: the ledger stores nothing else.
 */
function readObject(text: string, at: number, node: Node, found: (string | undefined)[]): number {
  let position = skipSpace(text, at + 1)
  while (position < text.length && text.charCodeAt(position) !== closeObject) {
    const keyEnd = skipString(text, position)
    const child = node.children.get(text.slice(position + 1, keyEnd - 1))
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const isInside = child !== undefined && child.children.size > 0 && text.charCodeAt(start) === openObject
    const end = isInside ? readObject(text, start, child, found) : skipValue(text, start)
    if (child !== undefined && child.place !== -1) found[child.place] = text.slice(start, end)
    position = skipSpace(text, end)
    // A comma, or the end of the object.
    if (text.charCodeAt(position) !== closeObject) position = skipSpace(text, position + 1)
  }
  return position + 1
}

function skipValue(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code === quote) return skipString(text, at)
  if (code === openObject || code === openArray) return skipContainer(text, at)
  let position = at
  // A number or a word ends before a comma, a bracket or a space.
  for (; position < text.length; position++) {
    const next = text.charCodeAt(position)
    if (next === 44 || next === closeObject || next === closeArray || next <= 32) break
  }
  return position
}

function skipContainer(text: string, at: number): number {
  let depth = 0
  for (let position = at; position < text.length; position++) {
    const code = text.charCodeAt(position)
    if (code === quote) position = skipString(text, position) - 1
    else if (code === openObject || code === openArray) depth++
    else if ((code === closeObject || code === closeArray) && --depth === 0) return position + 1
  }
  return text.length
}

function skipString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === backslash) before--
    // An even number of backslashes escape each other.
    if ((end - before) % 2 === 1) return end + 1
  }
  return text.length
}

function skipSpace(text: string, at: number): number {
  let position = at
  while (position < text.length && text.charCodeAt(position) <= 32) position++
  return position
}
