// How far a value goes in a text that is known to be JSON, or may break off: nothing is checked, so that it costs little. What has to
// be JSON is read by the scanner.

const quote = 34
const backslash = 92
const openArray = 91
const closeArray = 93
const openObject = 123
const closeObject = 125

/** Returns the place of the first character from `at` on that is no white space. */
export function skipSpace(text: string, at: number): number {
  let place = at
  while (place < text.length && text.charCodeAt(place) <= 32) place++
  return place
}

/** Returns the place behind the string that begins there; -1 when the text ends before it. */
export function stringEnd(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1
    while (text.charCodeAt(before) === backslash) before--
    // An even number of backslashes escape each other.
    if ((end - before) % 2 === 1) return end + 1
  }
  return -1
}

/** Returns the place behind the object or array that begins there; -1 when the text ends before it. */
export function containerEnd(text: string, at: number): number {
  const open = text.charCodeAt(at)
  const close = open === openObject ? closeObject : closeArray
  let depth = 0
  for (let place = at; place < text.length; place++) {
    const code = text.charCodeAt(place)
    if (code === quote) {
      place = stringEnd(text, place) - 1
      if (place < 0) return -1
    } else if (code === open) depth++
    else if (code === close && --depth === 0) return place + 1
  }
  return -1
}

/** Returns the place behind the value that begins there; -1 when the text ends before a string, an object or an array does. */
export function valueEnd(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code === quote) return stringEnd(text, at)
  if (code === openObject || code === openArray) return containerEnd(text, at)
  let place = at
  // A number or a word ends before a comma, a bracket or a space.
  for (; place < text.length; place++) {
    const next = text.charCodeAt(place)
    if (next === 44 || next === closeObject || next === closeArray || next <= 32) break
  }
  return place
}
