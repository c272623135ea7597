import { remembering } from "./remember"

/** The path of a call as the patterns of a policy see it. */
export interface CallPath {
  /** Begins with a slash; no doubled slash, no `.` or `..`, no slash at the end. */
  readonly path: string
  /** The same without a version in front: `/v1.41/info` is `/info`. */
  readonly bare: string
  /**
   * Whether another reader of the same text may find another path in it: it holds dots to resolve, needless or doubled
   * percent-encoding, an encoded slash, a control character. Such a call is never ignored.
   */
  readonly isSuspicious: boolean
}

/** Paths without any of these are in the normal form, but for a slash at the end. */
const needsWork = /[^!$&'()*+,\-./0-9:=@A-Z_a-z~]|\/\/|\/\.{1,2}(?:\/|$)/
/** Letters, digits and `-._~` need no encoding. */
const needlessEncoding = /%(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)/i
/** An encoded slash, backslash, percent sign or control character. */
const encodedTrap = /%(?:2f|5c|25|[01][0-9a-f]|7f)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const rawTrap = /[\u0000-\u0020\u007f\\#]|%(?![0-9a-f]{2})/i
/** Some servers cut a segment at a semicolon, and read `..;` as `..`. */
const dotsWithParameters = /^\.{1,2}(?:;|%3b)/i
const version = /^\/v\d+(?:\.\d+)?(?=\/.)/

/** Returns the normal form of a path as it was received; what follows `?` is left out. */
export const normalisePath: (received: string) => CallPath = remembering(normalised)

function normalised(received: string): CallPath {
  const end = received.indexOf("?")
  const raw = end === -1 ? received : received.slice(0, end)
  if (raw.startsWith("/") && !needsWork.test(raw)) return withBare(withoutLastSlash(raw), false)
  const encoded = encodeNonAscii(raw)
  const { path, hasDots } = resolve(decodeUnreserved(encoded))
  const isSuspicious =
    hasDots ||
    needlessEncoding.test(raw) ||
    !raw.startsWith("/") ||
    encodedTrap.test(raw) ||
    rawTrap.test(raw) ||
    !isUtf8(encoded)
  return withBare(path, isSuspicious)
}

/** Returns why a text is no pattern of paths, or null when it is one. */
export function pathPatternFault(pattern: string): string | null {
  if (!pattern.startsWith("/")) return "must begin with /"
  if (/\*(?!$)/.test(pattern)) return "may have * only at its end"
  if (/[?#]/.test(pattern)) return "must be a path alone, without ? or #"
  const { isSuspicious } = normalisePath(pattern.replace(/\*$/, "").replace(/\{[^{}/]+\}/g, "x"))
  if (isSuspicious) return "must not hold . or .. segments, spaces, backslashes or needless percent-encoding"
  const segments = pattern.replace(/\*$/, "").split("/")
  const isPlain = segments.every(segment => /^\{[^{}]+\}$/.test(segment) || !/[{}]/.test(segment))
  return isPlain ? null : "may have {name} only as a whole segment"
}

/** A pattern in the form in which paths are compared with it. */
export interface PathPattern {
  readonly namesVersion: boolean
  /** Null: the path must be equal to `start`. */
  readonly rest: "anything" | RegExp | null
  /** What every matching path begins with. */
  readonly start: string
}

/**
 * Returns a pattern to compare paths with: exact, unless it ends in `*`; `{name}` is one segment. A pattern that begins with a
 * version is compared with the whole path, every other one with the path without its version.
 */
export function compilePath(pattern: string): PathPattern {
  const isPrefix = pattern.endsWith("*")
  const encoded = decodeUnreserved(encodeNonAscii(isPrefix ? pattern.slice(0, -1) : pattern))
  const collapsed = encoded.replace(/\/{2,}/g, "/")
  const wanted = isPrefix ? collapsed : withoutLastSlash(collapsed)
  const namesVersion = /^\/v\d/.test(wanted)
  const template = wanted.indexOf("{")
  if (template === -1) return { namesVersion, rest: isPrefix ? "anything" : null, start: wanted }
  const segments = wanted
    .split("/")
    .map(segment => (segment.startsWith("{") ? "[^/]+" : segment.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")))
  const rest = new RegExp(`^${segments.join("/")}${isPrefix ? "" : "$"}`)
  return { namesVersion, rest, start: wanted.slice(0, template) }
}

/** Returns whether a path matches a pattern. */
export function fitsPath({ namesVersion, rest, start }: PathPattern, { path, bare }: CallPath): boolean {
  const text = namesVersion ? path : bare
  if (rest === null) return text === start
  return text.startsWith(start) && (rest === "anything" || rest.test(text))
}

function withBare(path: string, isSuspicious: boolean): CallPath {
  const prefix = path.startsWith("/v") ? (version.exec(path)?.[0].length ?? 0) : 0
  return { path, bare: prefix === 0 ? path : path.slice(prefix), isSuspicious }
}

function withoutLastSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path
}

/** Decodes once what needs no encoding, and writes the other escapes in upper case. */
function decodeUnreserved(text: string): string {
  if (!text.includes("%")) return text
  return text.replace(/%[0-9a-f]{2}/gi, encoded => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase()
  })
}

function encodeNonAscii(text: string): string {
  return text.replace(/\P{ASCII}+/gu, part => (part.isWellFormed() ? encodeURIComponent(part) : "%EF%BF%BD"))
}

function isUtf8(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function resolve(text: string): { path: string; hasDots: boolean } {
  const kept: string[] = []
  let hasDots = false
  for (const segment of text.split("/")) {
    if (dotsWithParameters.test(segment)) hasDots = true
    if (segment === "." || segment === "..") {
      hasDots = true
      if (segment === "..") kept.pop()
    } else if (segment !== "") kept.push(segment)
  }
  return { path: `/${kept.join("/")}`, hasDots }
}
