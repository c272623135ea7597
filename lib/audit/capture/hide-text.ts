import { hiddenMark, Kinds } from "./found"
import { isMasked, lastName, type MoreNames, moreNamesOf, plainName, secretName } from "./secret-names"
import { currentFloor, type FloorTable, floorTable, type Hint, type Shape } from "./secrets"

/** How a text is searched. */
export interface TextSearch {
  readonly table: FloorTable
  readonly more: MoreNames
  readonly found: Kinds
  /** A shape that is an identifier here. */
  readonly allowed?: string
}

/** Returns a text with its secrets replaced: known shapes, `name=value`, `"name": "value"`, and what addresses carry. */
export function hideInText(text: string, names?: readonly string[], version = currentFloor): string {
  const table = floorTable(version)
  return table === null ? text : searchText(text, { table, more: moreNamesOf(names), found: new Kinds() })
}

/** Returns a web address, or a path with its query, with its secrets replaced: user and password, parameters, known shapes. */
export function hideInUrl(url: string, names?: readonly string[], version = currentFloor): string {
  return hideInText(url, names, version)
}

/** Returns a query, without `?`, whose secret parameters and shapes are replaced. Everything else stays as it was. */
export function hideInQuery(query: string, names?: readonly string[], version = currentFloor): string {
  // As it stands in an address, so that the first parameter is seen as one.
  return hideInText(`?${query}`, names, version).slice(1)
}

// An assignment or an element of XML, a character written as %41, a quoted name, a user in an address, a scheme with its credentials.
const mayHoldMore = /[=<]|%[0-7][\dA-Fa-f]|["']\s{0,20}:|\/\/[^\s/]*@|[Bb](?:earer|asic|EARER|ASIC)\s/
// The same in the text of JSON, where quotation marks, slashes and white space may be escaped.
const signsInJson = ["=", "<", "%", "\\", "'"]
const userInJson = /\/\/[^\s/"]*@/
const schemeInJson = /[Bb](?:earer|asic|EARER|ASIC)\s/

/** Returns whether a text can hold a secret that is recognised without the name of a field. */
export function mayHoldSecret(text: string, { hints }: FloorTable): boolean {
  return mayHoldMore.test(text) || (text.length >= shortestShape && mayHoldShape(text, hints))
}

/** Returns whether any text within the text of a JSON value can. */
export function mayHoldSecretInJson(json: string, { hints }: FloorTable): boolean {
  return (
    signsInJson.some(sign => json.includes(sign)) ||
    (json.includes("//") && userInJson.test(json)) ||
    schemeInJson.test(json) ||
    mayHoldShape(json, hints)
  )
}

function mayHoldShape(text: string, hints: readonly Hint[]): boolean {
  for (const hint of hints) if (text.includes(hint.if) && hint.then.test(text)) return true
  return false
}

/** The shortest that can be hidden is `pin=1`. */
const shortestSecret = 5
const shortestShape = 15
/** What was found may uncover more, such as a value that ends where a shape began. */
const mostRounds = 4

/** The same with what is found told. */
export function searchText(text: string, search: TextSearch): string {
  if (text.length < shortestSecret || !mayHoldSecret(text, search.table)) return text
  let shown = text
  for (let round = 0; round < mostRounds; round += 1) {
    const before = shown
    for (const step of steps) shown = step(shown, search)
    if (shown === before) break
  }
  return shown
}

// Shapes first: a name may hide only the beginning of one that has several lines.
const steps = [hideEncoded, hideShapes, hideSchemes, hideQuoted, hideParameters, hideElements, hideUsers]

// "name": "value" as in JSON, also broken, cut, or inside the strings of other JSON; 'name': 'value' as other languages print it.
const quoted =
  /(\\{0,15})(["'])([^"'\\\n]{2,64})\1\2(\s{0,20}:\s{0,20})(?:\1\2((?:(?!(?<!\\)\1\2)[\s\S])*)|(-?\d[\d.eE+-]{0,40}))/g
const quotedOnce = /(["'])([^"'\\\n]{2,64})\1(\s{0,20}:\s{0,20})\1((?:[^"'\\]|\\.|(?!\1)["'])*)/gs

const encoded = /[\w.~!*()+-]*%[0-7][\dA-Fa-f][\w.~!*()+%-]*/g

/** What is percent-encoded is judged decoded, and stays as it is when it holds nothing. */
function hideEncoded(text: string, search: TextSearch): string {
  if (!text.includes("%")) return text
  return text.replace(encoded, whole => {
    const decoded = decode(whole)
    if (decoded === whole) return whole
    const shown = searchText(decoded, search)
    return shown === decoded ? whole : shown
  })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Returns a text in which the values of secret names in quotation marks are hidden. */
export function hideQuoted(text: string, search: TextSearch): string {
  if (!/["']\s*:/.test(text)) return text
  const once = text.replace(
    quotedOnce,
    (whole, quote: string, name: string, colon: string, value: string) => {
      const kind = secretName(name, search.table, search.more)
      if (kind === null || isMasked(value) || hasOwnMark(value)) return whole
      search.found.add(kind)
      return `${quote}${name}${quote}${colon}${quote}${hiddenMark}`
    },
  )
  return once.replace(
    quoted,
    (whole, slashes: string, quote: string, name: string, colon: string, value, number) => {
      const kind = secretName(name, search.table, search.more)
      const secret: string = value ?? number
      if (kind === null || isMasked(secret) || hasOwnMark(secret)) return whole
      search.found.add(kind)
      const around = `${slashes}${quote}`
      return `${around}${name}${around}${colon}${around}${hiddenMark}${value === undefined ? around : ""}`
    },
  )
}

/** A header that was hidden keeps its scheme or the names of its cookies. */
function hasOwnMark(value: string): boolean {
  return value.includes(hiddenMark)
}

// name=value after the beginning or something that ends a word: parameters of an address, forms, options, environments.
const parameter =
  /(^|[\s?&;,{("'`|>#-])([A-Za-z_](?:[\w.[\]-]|%(?:5[BbDd]|2[DdEe])){0,63})=("[^"\n]*"?|'[^'\n]*'?|[^\s&;,"'<>)}|#`]+)/g

function hideParameters(text: string, search: TextSearch): string {
  if (!text.includes("=")) return text
  return text.replace(parameter, (whole, before: string, written: string, value: string) => {
    const kind = parameterKind(before, written, search)
    const bare = value.replace(/^["']|["']$/g, "")
    if (kind === null || isMasked(bare) || isFolder(written, bare)) return whole
    search.found.add(kind)
    return `${before}${written}=${hiddenMark}`
  })
}

function parameterKind(before: string, written: string, { table, more }: TextSearch): string | null {
  const name = lastName(decode(written))
  const kind = secretName(name, table, more)
  if (kind !== null || !/[?&;#]/.test(before)) return kind
  const plain = plainName(name)
  return table.parameters.has(plain) ? plain : null
}

/** In every environment, PWD is the folder that a program runs in. */
export function isFolder(name: string, value: string): boolean {
  return name === "PWD" && value.startsWith("/")
}

const element = /<([A-Za-z_][\w:.-]{0,63})((?:\s[^<>]{0,200})?)>([^<]+)<\//g

function hideElements(text: string, search: TextSearch): string {
  if (!text.includes("</")) return text
  return text.replace(element, (whole, name: string, attributes: string, value: string) => {
    const kind = secretName(lastName(name.replace(":", ".")), search.table, search.more)
    if (kind === null || isMasked(value.trim())) return whole
    search.found.add(kind)
    return `<${name}${attributes}>${hiddenMark}</`
  })
}

function hideShapes(text: string, search: TextSearch): string {
  if (!mayHoldShape(text, search.table.hints)) return text
  let shown = text
  for (const shape of search.table.shapes) {
    if (shape.kind === search.allowed) continue
    shown = hideShape(shown, shape, search.found)
  }
  return shown
}

function hideShape(text: string, { kind, pattern, check }: Shape, found: Kinds): string {
  return text.replace(pattern, whole => {
    if (check !== undefined && !check(whole)) return whole
    found.add(kind)
    return `[secret:${kind}]`
  })
}

const scheme = /\b([Bb](?:earer|asic|EARER|ASIC))(\s{1,4})([\w.~+/=-]{6,})/g

/** `Bearer` and `Basic` with what can be their credentials, not with a word. */
function hideSchemes(text: string, { found }: TextSearch): string {
  return text.replace(scheme, (whole, name: string, space: string, credentials: string) => {
    const isSecret =
      name.toLowerCase() === "basic"
        ? isBasic(credentials)
        : credentials.length >= 12 && /\d/.test(credentials)
    if (!isSecret) return whole
    found.add(name.toLowerCase())
    return `${name}${space}${hiddenMark}`
  })
}

const base64 = /^[A-Za-z0-9+/_-]{4,}={0,2}$/

/** Returns whether a text is the base64 of `user:password`. */
export function isBasic(text: string): boolean {
  if (!base64.test(text) || text.length > 4_096) return false
  try {
    const decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, ""))
    return /^[^:\p{Cc}]*:\P{Cc}*$/u.test(decoded)
  } catch {
    return false
  }
}

const user = /\/\/([^\s/?#:@"'<>]*):([^\s/?#"'<>]+)@/g
const hiddenUser = "[secret:basic]"

function hideUsers(text: string, { found }: TextSearch): string {
  if (!text.includes("@")) return text
  return text.replace(user, (whole, name: string, password: string) => {
    if (`${name}:${password}` === hiddenUser || isMasked(password)) return whole
    found.add("basic")
    return `//${hiddenUser}@`
  })
}
