import { isObject, type JsonValue } from "@/lib/audit/json/value"
import { type Fault, jsonPointer } from "@/lib/errors"
import { isFieldName } from "./fields"
import type { Parameter, SingleName } from "./parameters"

type MemberType = "string" | "number" | "boolean"

/** The members of a query in JSON, the parameter for each, and the type of its value. */
const members: Readonly<Record<string, { readonly name: SingleName; readonly type: MemberType }>> = {
  window: { name: "window", type: "string" },
  from: { name: "from", type: "string" },
  to: { name: "to", type: "string" },
  zone: { name: "zone", type: "string" },
  excludeToday: { name: "exclude-today", type: "boolean" },
  text: { name: "text", type: "string" },
  order: { name: "order", type: "string" },
  limit: { name: "limit", type: "number" },
  cursor: { name: "cursor", type: "string" },
  asOf: { name: "as-of", type: "number" },
}

interface ReadObject {
  readonly parameters: readonly Parameter[]
  readonly faults: readonly Fault[]
}

/**
 * Returns the parameters that a query in JSON stands for, each with its pointer, and a fault for everything else in it.
 * Values of fields are arrays of strings in `include` and `exclude`.
 */
export function readQueryObject(json: JsonValue): ReadObject {
  const parameters: Parameter[] = []
  const faults: Fault[] = []
  if (!isObject(json)) return { parameters, faults: [{ pointer: "", message: "must be an object" }] }
  for (const [key, value] of Object.entries(json)) {
    const pointer = jsonPointer([key])
    if (key === "include" || key === "exclude") {
      const side = readSide(key, value)
      parameters.push(...side.parameters)
      faults.push(...side.faults)
    } else if (Object.hasOwn(members, key)) {
      const member = members[key]
      if (member && typeof value === member.type) {
        parameters.push({ name: member.name, value: spell(value), pointer })
      } else faults.push({ pointer, message: `must be a ${member?.type}` })
    } else {
      faults.push({ pointer, message: `is no member of a query; there are ${memberNames().join(", ")}` })
    }
  }
  return { parameters, faults }
}

function readSide(key: "include" | "exclude", json: JsonValue): ReadObject {
  const parameters: Parameter[] = []
  const faults: Fault[] = []
  if (!isObject(json)) {
    return {
      parameters,
      faults: [{ pointer: jsonPointer([key]), message: "must be an object of arrays of strings" }],
    }
  }
  for (const [field, values] of Object.entries(json)) {
    const pointer = jsonPointer([key, field])
    if (!isFieldName(field)) faults.push({ pointer, message: "is no field" })
    else if (!Array.isArray(values)) faults.push({ pointer, message: "must be an array of strings" })
    else {
      const name = key === "exclude" ? `-${field}` : field
      for (const [at, value] of values.entries()) {
        const itemPointer = jsonPointer([key, field, at])
        if (typeof value === "string") parameters.push({ name, value, pointer: itemPointer })
        else faults.push({ pointer: itemPointer, message: "must be a string" })
      }
    }
  }
  return { parameters, faults }
}

function memberNames(): readonly string[] {
  return [...Object.keys(members), "include", "exclude"]
}

function spell(value: JsonValue): string {
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value)
}
