import { AppError } from "@/lib/errors"
import { clarifai } from "./clarifai"
import { clearml } from "./clearml"
import { cloudtrail } from "./cloudtrail"
import { parseForeignJson } from "./foreign-json"
import type { Format } from "./format"
import { native } from "./native"

/** All formats that can be read, the most distinctive first. */
export const formats: readonly Format[] = [clarifai, cloudtrail, clearml, native]

/** Returns the format with that name, or the one that recognises the sample. Throws AppError `invalid` when there is none. */
export function formatFor(name: string | "auto", sample: string): Format {
  if (name === "auto") return recognise(sample)
  const named = formats.find(format => format.name === name)
  if (named) return named
  throw new AppError("invalid", `There is no format "${name}". Known: ${known()}.`)
}

function known(): string {
  return formats.map(format => format.name).join(", ")
}

function recognise(sample: string): Format {
  const value = parseForeignJson(sample)
  const recognised = formats.find(format => format.recognises(value))
  if (recognised) return recognised
  throw new AppError("invalid", `No known format looks like this file. Known: ${known()}.`)
}
