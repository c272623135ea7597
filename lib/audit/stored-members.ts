import { skipSpace, stringEnd, valueEnd } from "@/lib/audit/json/skip"

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
    const keyEnd = stringEnd(text, position)
    if (keyEnd === -1) return text.length
    const child = node.children.get(text.slice(position + 1, keyEnd - 1))
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const isInside = child !== undefined && child.children.size > 0 && text.charCodeAt(start) === openObject
    const end = isInside ? readObject(text, start, child, found) : valueEnd(text, start)
    if (end === -1) return text.length
    if (child !== undefined && child.place !== -1) found[child.place] = text.slice(start, end)
    position = skipSpace(text, end)
    // A comma, or the end of the object.
    if (text.charCodeAt(position) !== closeObject) position = skipSpace(text, position + 1)
  }
  return position + 1
}
