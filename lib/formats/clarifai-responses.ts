import type { JsonValue } from "@/lib/audit/json/value"
import { isObject } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { arrayElements, isList } from "./elements"
import { objectOf, parseForeignJson } from "./foreign-json"
import { textOf } from "./foreign-values"

/** The status of a search that went well, by its code and by its name. */
const succeeded: readonly JsonValue[] = [10000, "10000", "SUCCESS"]

/** Returns the text of each entry of a response or of a list of responses. Throws AppError("invalid") for one that is an error. */
export function* responseEntries(text: string): Iterable<string> {
  for (const response of isList(text) ? arrayElements(text, null) : [text]) yield* entriesOf(response)
}

function entriesOf(text: string): Iterable<string> {
  const response = parseForeignJson(text)
  if (!isResponse(response))
    throw new AppError(
      "invalid",
      "This is no response of Clarifai's audit log search, which always has a status.",
    )
  const { status, entries } = objectOf(response)
  const { code = null, description } = objectOf(status)
  if (!succeeded.includes(code)) {
    const said = textOf(description, 500) ?? "no description"
    throw new AppError("invalid", `Clarifai answered: ${said} (${textOf(code, 60) ?? "no code"}).`)
  }
  return entries === undefined || entries === null ? [] : arrayElements(text, "entries")
}

function isResponse(value: JsonValue): boolean {
  return isObject(value) && isObject(value.status) && "code" in value.status
}
