import { skipSpace, stringEnd, valueEnd } from "@/lib/audit/json/skip"

/** The wanted members of a stored event, by path. */
export interface WantedMembers {
  /** Returns the index of a member in the result of `read`; "actor.name" is the name of the actor. */
  readonly place: (path: string) => number
  /** Returns the JSON text of each wanted member, undefined where there is none, without parsing values. */
  readonly read: (body: string) => readonly (string | undefined)[]
}

interface Node {
  readonly name: string
  /** As it stands in the text. */
  readonly quoted: string
  place: number
  /** In the order of their names. */
  readonly children: Node[]
}

const openObject = 123
const closeObject = 125
const colon = 58
const comma = 44

/** Returns a reader for some members of stored events. Call `place` for all of them before the first `read`. */
export function wantedMembers(): WantedMembers {
  const root: Node = { name: "", quoted: "", place: -1, children: [] }
  let places = 0

  function place(path: string): number {
    const node = path.split(".").reduce(childOf, root)
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

function childOf({ children }: Node, name: string): Node {
  const known = children.find(each => each.name === name)
  if (known !== undefined) return known
  const child = { name, quoted: `"${name}"`, place: -1, children: [] }
  children.push(child)
  children.sort((one, other) => (one.name < other.name ? -1 : 1))
  return child
}

/**
 * Reads the object that begins at `at`, and returns where it ends. The text is valid JSON: the ledger stores nothing else, and with
 * the members of each object in the order of their names. So the wanted one is the next or one of the next; a text in another order
 * is read too, only slower.
 */
function readObject(text: string, at: number, { children }: Node, found: (string | undefined)[]): number {
  let position = skipSpace(text, at + 1)
  let next = 0
  while (position < text.length && text.charCodeAt(position) !== closeObject) {
    let child: Node | undefined
    for (let tried = 0; tried < children.length && child === undefined; tried++) {
      const candidate = children[next]
      if (candidate !== undefined && text.startsWith(candidate.quoted, position)) child = candidate
      next = next + 1 < children.length ? next + 1 : 0
    }
    const keyEnd = child === undefined ? stringEnd(text, position) : position + child.quoted.length
    if (keyEnd === -1) return text.length
    const start = behind(text, keyEnd, colon)
    const isInside = child !== undefined && child.children.length > 0 && text.charCodeAt(start) === openObject
    const end = isInside && child ? readObject(text, start, child, found) : valueEnd(text, start)
    if (end === -1) return text.length
    if (child !== undefined && child.place !== -1) found[child.place] = text.slice(start, end)
    position = behind(text, end, comma)
  }
  return position + 1
}

/** Returns the place of the first character behind the white space around a sign; the sign may be missing. */
function behind(text: string, at: number, sign: number): number {
  const place = skipSpace(text, at)
  return text.charCodeAt(place) === sign ? skipSpace(text, place + 1) : place
}
