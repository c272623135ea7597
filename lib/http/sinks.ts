import { readQueryString } from "@/lib/audit/query/query-string"
import { jsonPointer } from "@/lib/errors"
import { invalidInput } from "@/lib/operations/core/input"
import { jsonResponse } from "./headers"
import { readJsonBody } from "./json-body"
import type { Incoming } from "./route"

const limits = { maximumBytes: 512 * 1024, values: 10_000 }

/** Returns the object in the body, with the dynamic segments of the url as members. */
export async function objectOfBody(incoming: Incoming): Promise<unknown> {
  const body = await readJsonBody(incoming, limits)
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw invalidInput([{ pointer: "", message: "must be an object" }])
  const twice = Object.keys(incoming.params).filter(name => Object.hasOwn(body, name))
  if (twice.length > 0)
    throw invalidInput(twice.map(name => ({ pointer: jsonPointer([name]), message: "is in the url" })))
  return { ...body, ...incoming.params }
}

/** Returns the parameters of the url by their names, with the dynamic segments; whole numbers and true and false as such. */
export function objectOfUrl({ search, params }: Incoming): Record<string, unknown> {
  const { parameters, faults } = readQueryString(search)
  if (faults.length > 0) throw invalidInput(faults)
  const given: Record<string, unknown> = {}
  for (const [name, text] of parameters) {
    if (Object.hasOwn(given, name) || Object.hasOwn(params, name))
      throw invalidInput([{ pointer: jsonPointer([name]), message: "is given more than once" }])
    given[name] = parsedValue(text)
  }
  return { ...given, ...params }
}

/** Returns the parameters of the url that name a range, as one member. */
export function rangeOfUrl(incoming: Incoming): unknown {
  const { id, ...range } = objectOfUrl(incoming)
  return { id, range }
}

function parsedValue(text: string): unknown {
  if (/^(?:0|[1-9]\d{0,15})$/.test(text)) return Number(text)
  return text === "true" ? true : text === "false" ? false : text
}

/** Returns a response for something that was created. */
export function answerCreated(value: unknown, { caller }: Incoming): Response {
  return jsonResponse(value, caller.requestId, { status: 201 })
}
