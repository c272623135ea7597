/**
 * Returns the form in which texts are compared when somebody searches: NFKC with one case folding. Stored and searched text
 * both go through it, in the same process, because the database's own lower() depends on its locale. It is never shown.
 *
 * The way through upper case unfolds what has several small letters for one capital (ß and ss) or one that depends on its
 * place in the word (ς and σ); lower case comes first because ẞ is its own capital.
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

/** Nearly every text of a log; folding it needs no more than lower case. */
const isPlain = /^[\0-\x7f]*$/

/** What is left of İ: an i that carries a second dot. */
const dottedI = /i\u0307/g
