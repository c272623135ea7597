/** How our own API keys are written: a head, 32 random characters, and six of checksum. */
export const ownKeyHead = "aud_live_"
export const ownKeyAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
export const ownKeySecretCharacters = 32
const checksumCharacters = 6
const shape = new RegExp(`^${ownKeyHead}[0-9A-Za-z]{${ownKeySecretCharacters + checksumCharacters}}$`)

/** Returns whether a text has the form and the checksum of one of our API keys. */
export function isOwnKey(text: string): boolean {
  return (
    shape.test(text) && text.slice(-checksumCharacters) === ownKeyChecksum(text.slice(0, -checksumCharacters))
  )
}

/** Returns the checksum of a key without its last six characters: its CRC-32 in base 62. */
export function ownKeyChecksum(text: string): string {
  let rest = crc32(text)
  let written = ""
  for (let position = 0; position < checksumCharacters; position += 1) {
    written = ownKeyAlphabet.charAt(rest % ownKeyAlphabet.length) + written
    rest = Math.floor(rest / ownKeyAlphabet.length)
  }
  return written
}

/** Of ASCII text. Written out, so that the code also runs where node:zlib does not exist. */
function crc32(text: string): number {
  let value = 0xffffffff
  for (let position = 0; position < text.length; position += 1) {
    value ^= text.charCodeAt(position)
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}
