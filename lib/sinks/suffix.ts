import { z } from "zod"
import { rotations } from "@/lib/audit/capture/clearml-keys"
import type { Instant } from "@/lib/audit/time/instant"
import type { SettingField } from "./sink"

/** How often the name of an index or a tag changes: never, or with the month, quarter or year. */
export const suffixes = ["none", ...rotations] as const
export type Suffix = (typeof suffixes)[number]

/** The setting of a kind whose names can have a suffix. */
export const suffixSetting = z.enum(suffixes).default("none")

/** How a form asks for it; `example` is a name without its suffix. */
export function suffixField(name: string, label: string, example: string): SettingField {
  return {
    name,
    label,
    help: "By the time at which the event occurred, in UTC: an event that is sent again goes to the same name.",
    input: "choice",
    choices: [
      { value: "none", label: "none" },
      { value: "monthly", label: `monthly (${example}.202501)` },
      { value: "quarterly", label: `quarterly (${example}.2025Q1)` },
      { value: "yearly", label: `yearly (${example}.2025)` },
    ],
    initial: "none",
  }
}

/** Returns the name for an event that occurred then, as ClearML writes tags: `clearml.apiserver.api-logs.2025Q1`. */
export function suffixed(name: string, suffix: Suffix, occurredAt: Instant): string {
  return suffix === "none" ? name : `${name}.${suffixOf(suffix, occurredAt)}`
}

/** Returns the same as the name of an index, which Elasticsearch takes in lower case only: `...api-logs.2025q1`. */
export function suffixedIndex(index: string, suffix: Suffix, occurredAt: Instant): string {
  return suffixed(index, suffix, occurredAt).toLowerCase()
}

// An instant is in UTC and has a fixed form.
function suffixOf(suffix: Exclude<Suffix, "none">, occurredAt: Instant): string {
  const [year, month] = [occurredAt.slice(0, 4), occurredAt.slice(5, 7)]
  if (suffix === "yearly") return year
  return suffix === "monthly" ? `${year}${month}` : `${year}Q${Math.ceil(Number(month) / 3)}`
}
