/**
 * Returns the form in which texts are compared by a search: NFKC with one case folding. Stored and searched text both go
 * through it, in the same process, because the database's own lower() depends on its locale. It is never shown.
 *
 * The way through upper case unifies small letters that share one capital (ß and ss) or that depend on their place in the
 * word (ς and σ); lower case comes first because ẞ is its own capital.
 */
export function foldText(text: string): string {
  if (isPlain.test(text)) return text.toLowerCase()
  return text
    .normalize("NFKC")
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll("ς", "σ")
    .normalize("NFKC")
    .replaceAll(dottedI, "i")
}

/** Most texts of a log; folding them needs only lower case. */
const isPlain = /^[\0-\x7f]*$/

/** What remains of İ: an i with a second dot. */
const dottedI = /i\u0307/g
