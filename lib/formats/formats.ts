import type { JsonValue } from "@/lib/audit/json/value"
import { AppError } from "@/lib/errors"
import { clarifai } from "./clarifai"
import { clearml } from "./clearml"
import { cloudtrail } from "./cloudtrail"
import type { MappedFormat } from "./engine/mapped"
import type { Format } from "./format"
import { github } from "./github"
import { kubernetes } from "./kubernetes"
import { native } from "./native"
import { okta } from "./okta"

/** Every format that can be read. */
export const formats: readonly MappedFormat[] = [
  clarifai,
  cloudtrail,
  clearml,
  github,
  kubernetes,
  okta,
  native,
]

/** Names of lists that hold records in a file of some format. */
export const recordLists: ReadonlySet<string> = new Set(formats.flatMap(({ reader }) => reader.lists))

/** Returns the format of that name, or the one that recognises the sample. Throws AppError("invalid") when there is none. */
export function formatFor(name: string | "auto", sample: string): Format {
  if (name === "auto") return recognise(sample)
  const named = formats.find(format => format.name === name)
  if (named) return named
  throw new AppError("invalid", `There is no format "${name}". Known: ${known()}.`)
}

function known(): string {
  return formats.map(format => format.name).join(", ")
}

/** Each way of reading is tried once. Throws what the first says of the sample when none can read it. */
function recognise(sample: string): Format {
  let refusal: AppError | undefined
  const ways = new Set(formats.map(({ reader }) => reader.parse))
  for (const parse of ways) {
    const value = parsed(parse, sample)
    if (value instanceof AppError) refusal ??= value
    else {
      const recognised = formats.find(format => format.reader.parse === parse && format.recognises(value))
      if (recognised) return recognised
      refusal = new AppError("invalid", `No known format looks like this file. Known: ${known()}.`)
    }
  }
  throw refusal ?? new AppError("invalid", "There is no format.")
}

function parsed(parse: Format["reader"]["parse"], sample: string): JsonValue | AppError {
  try {
    return parse(sample)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
