const digitsThatAlwaysFit = 15

/**
 * Returns why a JSON number cannot be stored exactly, or null when it can. `text` must be a JSON number. Exactly means: the
 * nearest double, written in its shortest form, has the same value as the text.
 */
export function numberFault(text: string): string | null {
  const value = Number(text)
  if (!Number.isFinite(value)) return "is too large for a number; send it as a string"
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return "is beyond 2^53 - 1 and cannot be kept exactly; send it as a string"
  }
  if (text.length <= digitsThatAlwaysFit && !/[eE]/.test(text)) return null
  if (decimalValue(text) !== decimalValue(String(value))) {
    return "has more digits than a number can keep; send it as a string"
  }
  return null
}

/**
 * Returns one text for each decimal value, however it is written: significant digits and a power of ten. Zero has no sign.
 */
function decimalValue(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e")
  const negative = mantissa.startsWith("-")
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".")
  const digits = trimLeadingZeros(whole + fraction)
  const significant = trimTrailingZeros(digits)
  if (significant === "") return "0"
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return `${negative ? "-" : ""}${significant}e${power}`
}

// Written as loops: the pattern /0+$/ takes quadratic time on a long run of zeros that does not end the text.
function trimLeadingZeros(digits: string): string {
  let start = 0
  while (digits.charCodeAt(start) === 48) start++
  return digits.slice(start)
}

function trimTrailingZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits.charCodeAt(end - 1) === 48) end--
  return digits.slice(0, end)
}
