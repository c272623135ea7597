import { deflateRawSync, inflateRawSync } from "node:zlib"
import { isOwnPath } from "./own-path"

/** The longest url of a page that our server accepts. */
const longestPath = 8 * 1024
/** Up to this length a path is put into another url as it is, readable. */
const longestPlain = 1_000
/**
 * The url of a page for signing in may have 10 KiB: this leaves room for what comes before, and for the token of a mailed link. A path of
 * 8 KiB fits whatever it says: a url has about 90 characters, of which each takes 6.5 bits, and each character here carries 6.
 */
const longestCarried = 9_200
const mark = "~"

/**
 * Returns the path as it can be put into the query of another url within its limits: a long one is compressed. If it still
 * does not fit, it is carried without its query, so the person gets to the page and not to an error.
 */
export function carryPath(path: string): string {
  if (!isOwnPath(path)) return "/"
  if (encodeURIComponent(path).length <= longestPlain) return path
  const packed = `${mark}${deflateRawSync(path, { level: 9 }).toString("base64url")}`
  if (packed.length <= longestCarried) return packed
  const page = path.split(/[?#]/, 1)[0] ?? "/"
  return encodeURIComponent(page).length <= longestPlain ? page : "/"
}

/** Returns the path of this site that was carried, or "/" when there is none. */
export function readCarriedPath(carried: unknown): string {
  if (typeof carried !== "string") return "/"
  const path = carried.startsWith(mark) ? unpack(carried.slice(mark.length)) : carried
  return path.length <= longestPath && isOwnPath(path) ? path : "/"
}

function unpack(packed: string): string {
  try {
    const bytes = inflateRawSync(Buffer.from(packed, "base64url"), { maxOutputLength: longestPath })
    return bytes.toString("latin1")
  } catch {
    return "/"
  }
}
