import { operationByCode } from "@/lib/audit/event/catalogue"
import { parseIpRange } from "@/lib/audit/ip"
import { type Field, type FieldName, fields, isFamily, isVerb, textFault } from "./fields"

/** A value in canonical form, or what is wrong with it, in words. */
export type ParsedValue = { readonly value: string } | { readonly fault: string }

/** Returns a field's value as a query holds it. */
export function parseValue(name: FieldName, text: string): ParsedValue {
  const { kind, choices }: Field = fields[name]
  switch (kind) {
    case "choice":
      return parseChoice(text, choices)
    case "operation":
      return parseOperation(text)
    case "ip":
      return parseIp(text)
    case "text":
    case "target":
      return parsePlain(text)
  }
}

function parsePlain(text: string): ParsedValue {
  const fault = textFault(text)
  return fault === null ? { value: text } : { fault }
}

function parseChoice(text: string, choices: readonly string[] | null): ParsedValue {
  if (choices === null) return parsePlain(text)
  return choices.includes(text) ? { value: text } : { fault: `is none of ${choices.join(", ")}` }
}

/** A name, a family (`workflow.*`), a verb (`*.delete`), or the catalogue's number for a name. */
function parseOperation(text: string): ParsedValue {
  if (/^[0-9]{1,9}$/.test(text)) {
    const known = operationByCode(Number(text))
    return known ? { value: known.name } : { fault: "is no operation's code" }
  }
  const name = isFamily(text) ? text.slice(0, -2) : isVerb(text) ? text.slice(2) : text
  if (name.includes("*")) {
    return {
      fault: "may hold a star only at its end or its beginning, beside a dot, as in workflow.* or *.delete",
    }
  }
  return parsePlain(text)
}

function parseIp(text: string): ParsedValue {
  const range = parseIpRange(text)
  return range
    ? { value: range.text }
    : { fault: "is neither an IP address nor a network such as 203.0.113.0/24" }
}
