import { operationByCode } from "@/lib/audit/event/catalogue"
import { parseIpRange } from "@/lib/audit/ip"
import { type Field, type FieldName, fields, textFault } from "./fields"
import { equalTo, type QueryValue } from "./value"

/** A value in canonical form, or what is wrong with it, in words. */
export type ParsedValue = { readonly value: QueryValue } | { readonly fault: string }

/** Returns a field's value as a query holds it, with the comparison that its spelling means in this field. */
export function parseValue(name: FieldName, text: string): ParsedValue {
  const { kind, choices }: Field = fields[name]
  switch (kind) {
    case "choice":
      return parseChoice(text, choices)
    case "operation":
      return parseOperation(text)
    case "code":
      return parseCode(text)
    case "ip":
      return parseIp(text)
    case "text":
    case "target":
      return parsePlain(text)
  }
}

function parsePlain(text: string): ParsedValue {
  const fault = textFault(text)
  return fault === null ? { value: equalTo(text) } : { fault }
}

function parseChoice(text: string, choices: readonly string[] | null): ParsedValue {
  if (choices === null) return parsePlain(text)
  return choices.includes(text) ? { value: equalTo(text) } : { fault: `is none of ${choices.join(", ")}` }
}

/** A name, a family (`workflow.*`), a verb (`*.delete`), or the catalogue's number for a name. */
function parseOperation(text: string): ParsedValue {
  if (/^[0-9]{1,9}$/.test(text)) {
    const known = operationByCode(Number(text))
    return known ? { value: equalTo(known.name) } : { fault: "is no operation's code" }
  }
  const isFamily = text.endsWith(".*") && text.length > 2
  const isVerb = !isFamily && text.startsWith("*.") && text.length > 2
  const name = isFamily ? text.slice(0, -2) : isVerb ? text.slice(2) : text
  if (name.includes("*")) {
    return {
      fault: "may hold a star only at its end or its beginning, beside a dot, as in workflow.* or *.delete",
    }
  }
  const fault = textFault(text)
  if (fault !== null) return { fault }
  if (isFamily) return { value: { is: "prefix", value: text.slice(0, -1) } }
  return { value: isVerb ? { is: "suffix", value: text.slice(1) } : equalTo(text) }
}

/** The largest code that an event can have. */
const maximumCode = 2 ** 31 - 1

/** Codes are not looked up in the catalogue: an event may have one that it does not contain. */
function parseCode(text: string): ParsedValue {
  if (/^[0-9]{1,10}$/.test(text) && Number(text) <= maximumCode)
    return { value: equalTo(String(Number(text))) }
  return { fault: `is no whole number from 0 to ${maximumCode}` }
}

function parseIp(text: string): ParsedValue {
  const range = parseIpRange(text)
  if (!range) return { fault: "is neither an IP address nor a network such as 203.0.113.0/24" }
  const { text: value, first, last } = range
  return { value: first === last ? equalTo(value) : { is: "range", value, first, last } }
}
