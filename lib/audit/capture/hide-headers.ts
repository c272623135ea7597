import type { Headers } from "./call"
import { hiddenMark, Kinds } from "./found"
import { searchText, type TextSearch } from "./hide-text"
import { isMasked, moreNamesOf, plainName, secretName } from "./secret-names"
import { currentFloor, floorTable } from "./secrets"

/** Returns headers whose secrets are replaced. Of an authorization the scheme stays, of cookies their names. */
export function hideInHeaders(headers: Headers, names?: readonly string[], version = currentFloor): Headers {
  const table = floorTable(version)
  if (table === null) return headers
  const search = { table, more: moreNamesOf(names), found: new Kinds() }
  return headers.map(([name, value]) => [name, searchHeader(name, value, search)] as const)
}

/** Returns the value of a header with its secrets replaced. */
export function searchHeader(name: string, value: string, search: TextSearch): string {
  const plain = plainName(name)
  const { table, more, found } = search
  const kind = table.headers.has(plain) ? plain : secretName(name, table, more)
  if (kind === null) return searchText(value, search)
  const shown = hideHeader(plain, value)
  if (shown !== value) found.add(kind)
  return shown
}

/** Returns the value of a secret header or field, hidden; one that is hidden already stays. */
export function hideHeader(plain: string, value: string): string {
  if (isMasked(value)) return value
  if (plain === "authorization" || plain === "proxyauthorization") return hideCredentials(value)
  if (plain === "cookie") return hideCookies(value, ";")
  if (plain === "setcookie") return hideSetCookie(value)
  return hiddenMark
}

function hideCredentials(value: string): string {
  const [, scheme] = /^([A-Za-z][\w-]{0,31})[ \t]+\S/.exec(value) ?? []
  return scheme === undefined ? hiddenMark : `${scheme} ${hiddenMark}`
}

const cookieName = /^\s*([^\s=;,"\\]{1,256})\s*=/

function hideCookies(value: string, separator: string): string {
  return value
    .split(separator)
    .map(part => {
      const [, name] = cookieName.exec(part) ?? []
      if (name === undefined) return part.trim() === "" ? "" : hiddenMark
      return `${name}=${hiddenMark}`
    })
    .filter(part => part !== "")
    .join("; ")
}

const attribute =
  /^(?:expires|max-age|domain|path|samesite)=[^=\s]*(?:\s[\w: +-]+)?$|^(?:secure|httponly|partitioned)$/i

function hideSetCookie(value: string): string {
  const [first = "", ...others] = value.split(";")
  const kept = others.map(part => part.trim()).filter(part => attribute.test(part))
  return [hideCookies(first, ";") || hiddenMark, ...kept].join("; ")
}
