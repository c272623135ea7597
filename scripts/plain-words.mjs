// @ts-check
// The language rule of CONTRIBUTING.md, as far as a program can check it: words that comments and docs do not use.
import * as fs from "node:fs"
import * as path from "node:path"

/** @typedef {{ readonly file: string, readonly line: number, readonly found: string, readonly instead: string }} Fault */

/** What to write instead, by the pattern of what is refused. @type {readonly (readonly [RegExp, string])[]} */
const inComments = [
  [/\bPromise:/g, "say what it returns or throws: `Returns ...`, `Throws ...`, or a statement"],
]

/** The same for comments and docs. @type {readonly (readonly [RegExp, string])[]} */
const everywhere = [
  [/\bwho(?:so|m)?ever\b/gi, "name the person or the role: the caller, the holder of the key, everybody who"],
  [/\banew\b/gi, "write again, or rebuilt"],
  [/\btaken\s+away\b/gi, "write removed or revoked"],
  [/\bof\s+which\s+nobody\b/gi, "say in a sentence of its own what nobody knows or does"],
  [
    /\b(?:here|there|where)(?:by|from|in|of|to|upon|with)\b/gi,
    "use the plain words: by this, from it, in it",
  ],
  [/\bhitherto\b|\bheretofore\b/gi, "write until now"],
]

/**
 * A comment (captured), a string, a regular expression, or a character that opens or closes a template or a block.
 * Strings end on their line, so an apostrophe in the text of an element hides at most the rest of its line.
 */
const token =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<=(?:[=(,:;!&|?{}[>]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/|[`{}]/g
const inTemplate = /\\[\s\S]|\$\{|`/g

/**
 * Returns the text with everything blanked but the comments; line breaks stay, so that lines keep their numbers.
 * @param {string} code TypeScript or JavaScript
 */
export function commentsOf(code) {
  let kept = ""
  let position = 0
  /** Open blocks of code inside templates; each counts its braces. @type {number[]} */
  const blocks = []
  let isTemplate = false
  for (;;) {
    const pattern = isTemplate ? inTemplate : token
    pattern.lastIndex = position
    const match = pattern.exec(code)
    if (match === null) return kept + blanked(code.slice(position))
    const [found, comment] = match
    position = pattern.lastIndex
    kept += blanked(code.slice(kept.length, match.index)) + (comment ?? blanked(found))
    if (isTemplate) {
      if (found === "`") isTemplate = false
      if (found === "${") [isTemplate] = [false, blocks.push(0)]
    } else if (found === "`") isTemplate = true
    else if (blocks.length > 0) isTemplate = endsBlock(blocks, found)
  }
}

/**
 * @param {number[]} blocks
 * @param {string} found
 */
function endsBlock(blocks, found) {
  const last = blocks.length - 1
  if (found === "{") blocks[last] = (blocks[last] ?? 0) + 1
  if (found !== "}") return false
  if (blocks[last] === 0) return blocks.pop() !== undefined
  blocks[last] = (blocks[last] ?? 0) - 1
  return false
}

/** @param {string} text */
function blanked(text) {
  return text.replace(/[^\n]/g, " ")
}

/** The part of a file in which words count, by its extension. @type {Readonly<Record<string, (text: string) => string>>} */
const prose = {
  ".ts": commentsOf,
  ".tsx": commentsOf,
  ".mjs": commentsOf,
  ".css": text => text.replace(/(^|\*\/)[\s\S]*?(\/\*|$)/g, blanked),
  ".sql": text => text.replace(/^(?:(?!--)[^\n])*/gm, blanked),
  ".prisma": text => text.replace(/^(?:(?!\/\/)[^\n])*/gm, blanked),
  // Code is quoted as it is.
  ".md": text => text.replace(/^```[\s\S]*?^```|`[^`\n]*`/gm, blanked),
}

/**
 * Returns the faults of one file, in the order of its lines.
 * @param {string} file decides by its name what of the text is read
 * @param {string} text
 * @returns {readonly Fault[]}
 */
export function faultsOfWords(file, text) {
  const extension = path.extname(file)
  const read = prose[extension]?.(text) ?? ""
  const patterns = extension === ".md" ? everywhere : [...inComments, ...everywhere]
  return patterns
    .flatMap(([pattern, instead]) =>
      [...read.matchAll(pattern)].map(match => {
        const line = read.slice(0, match.index).split("\n").length
        return { file, line, found: match[0].replace(/\s+/g, " "), instead }
      }),
    )
    .sort((one, other) => one.line - other.line)
}

/**
 * Returns the files of the project whose words are checked, relative to its root. Migrations are left out: once applied,
 * their text is part of a checksum.
 * @param {string} root
 * @param {string} [folder]
 * @returns {readonly string[]}
 */
export function filesWithWords(root, folder = "") {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const file = path.posix.join(folder, entry.name)
    if (entry.isFile()) return path.extname(file) in prose && file !== "next-env.d.ts" ? [file] : []
    const isOurs = entry.isDirectory() && !/^(\.|node_modules$|generated$|test-results$)/.test(entry.name)
    return isOurs && file !== "prisma/migrations" ? filesWithWords(root, file) : []
  })
}

/**
 * Throws an Error that lists every refused word with its file and line.
 * @param {string} root
 */
export function checkWords(root) {
  const faults = filesWithWords(root).flatMap(file =>
    faultsOfWords(file, fs.readFileSync(path.join(root, file), "utf8")),
  )
  if (faults.length === 0) return
  const lines = faults.map(({ file, line, found, instead }) => `${file}:${line}: "${found}": ${instead}`)
  throw new Error([...lines, "The rule is in CONTRIBUTING.md."].join("\n"))
}
