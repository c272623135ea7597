import { describe, expect, it } from "vitest"
import { foldText } from "./fold"

describe("folding a text", () => {
  const meeting: [string, string, string][] = [
    ["capitals", "ACME Corp", "acme cORP"],
    ["capitals beyond ASCII", "ÄRGER ЖУК ΑΒΓ", "ärger жук αβγ"],
    ["composed and decomposed letters", "Zo\u00eb Mu\u0308ller", "ZOE\u0308 M\u00dcLLER"],
    ["several marks in another order", "\u1ead", "a\u0302\u0323"],
    ["the dotted capital I", "İSTANBUL", "istanbul"],
    ["the dotted capital I, decomposed", "I\u0307zmir", "izmir"],
    ["the dotless i and its capital", "IŞIK", "ışık"],
    ["sharp s", "Straße", "STRASSE"],
    ["the capital sharp s", "STRAẞE", "strasse"],
    ["sigma at the end and inside", "ΟΔΟΣ", "οδοσ"],
    ["the final sigma", "οδος", "ΟΔΟΣ"],
    ["a part of a word that ends in sigma", "Σ", "ς"],
    ["letters of full width", "ＡＤＡ％", "ada%"],
    ["ligatures", "ﬁle oﬀice", "FILE office"],
    ["the Kelvin and Ångström signs", "\u212a \u212b", "k å"],
    ["the micro sign", "\u00b5s", "μs"],
    ["half-width katakana", "ｶﾞ", "ガ"],
    ["composed and decomposed Hangul", "한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"],
    ["iota below and beside", "ᾳ", "ΑΙ"],
    ["a j with a caron", "\u01f0", "J\u030c"],
    ["superscripts", "x²", "X2"],
    ["no-break spaces", "a\u00a0b", "a b"],
  ]

  it.each(meeting)("makes %s meet", (_, one, other) => {
    expect(foldText(one)).toBe(foldText(other))
  })

  it.each(["e\u0301", "ada", "ж", "語", "a_b%c\\d", "\u{1f600}"])("keeps %j apart from others", text => {
    expect(foldText(text)).not.toBe(foldText(`${text}x`))
    expect(foldText("é")).not.toBe(foldText("e"))
  })

  it("of every character gives a form that folds to itself, for its capital and its small letter too", () => {
    for (const character of changingCharacters()) {
      const folded = foldText(character)
      const forms = [folded, character.toUpperCase(), character.toLowerCase(), character.normalize("NFD")]
      if (folded === "" || !folded.isWellFormed() || forms.some(form => foldText(form) !== folded)) {
        expect.fail(`U+${character.codePointAt(0)?.toString(16)} folds to ${JSON.stringify(folded)}`)
      }
    }
  })
})

/** Every character that a normalization or a case mapping changes. */
function* changingCharacters() {
  for (let code = 0; code < 0x30000; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue
    const character = String.fromCodePoint(code)
    const mapped = [character.normalize("NFKD"), character.toUpperCase(), character.toLowerCase()]
    if (mapped.some(form => form !== character)) yield character
  }
}
