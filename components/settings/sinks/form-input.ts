import type { FieldFaults } from "@/components/form/faults"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import type { SinkAnswer, SinkBegin, SinkDraft, SinkKindAnswer } from "@/lib/operations/sinks/answers"
import { queryFrom } from "./query-text"
import { timeFault, typedSpan } from "./typed-time"

type SettingField = SinkKindAnswer["fields"][number]

/** Returns the name of the input of a setting, which is also where its faults point. */
export function settingName(name: string): string {
  return `settings/${name}`
}

/** Returns the name of the input of a credential. */
export function credentialName(name: string): string {
  return `credentials/${name}`
}

/** Returns the names of all inputs of the form, for faults that have a place of their own. */
export function inputNames(kind: SinkKindAnswer): readonly string[] {
  return [
    "name",
    ...kind.fields.map(({ name }) => settingName(name)),
    ...kind.credentials.map(({ name }) => credentialName(name)),
    "query",
    "format",
    "omit",
    "begin",
  ]
}

/** Returns what the form says. Settings without an input stay as they are in the existing sink. */
export function draftFrom(data: FormData, kind: SinkKindAnswer, existing: SinkAnswer | null): SinkDraft {
  return {
    name: textOf(data, "name").trim(),
    kind: kind.kind,
    settings: settingsFrom(data, kind.fields, existing?.settings ?? {}),
    credentials: credentialsFrom(data, kind),
    query: queryFrom(textOf(data, "query")),
    format: textOf(data, "format") || (kind.formats[0]?.name ?? ""),
    redactIdentity: data.get("redactIdentity") !== null,
    omit: data.getAll("omit").map(String),
  }
}

function settingsFrom(data: FormData, fields: readonly SettingField[], existing: JsonObject): JsonObject {
  const asked = new Set(fields.map(({ name }) => name))
  const kept = Object.entries(existing).filter(([name]) => !asked.has(name))
  const typed = fields.flatMap(field => {
    const value = settingFrom(data, field)
    return value === undefined ? [] : [[field.name, value] as const]
  })
  return Object.fromEntries([...kept, ...typed])
}

/** Returns the value of a setting; undefined when it was left empty: the kind then has its own. */
function settingFrom(data: FormData, { name, input }: SettingField): JsonValue | undefined {
  if (input === "switch") return data.get(settingName(name)) !== null
  const text = textOf(data, settingName(name)).trim()
  if (text === "") return undefined
  return input === "number" && isNumber(text) ? Number(text) : text
}

/** Only what was typed: an empty input leaves a stored credential as it is, a check box deletes it. */
function credentialsFrom(data: FormData, kind: SinkKindAnswer): SinkDraft["credentials"] {
  const given: Record<string, string | null> = {}
  for (const { name } of kind.credentials) {
    const typed = textOf(data, credentialName(name))
    if (typed !== "") given[name] = typed
    else if (data.get(`delete-${credentialName(name)}`) !== null) given[name] = null
  }
  return given
}

/** Returns what the form can find out before it is sent. The server checks everything. */
export function faultsOf(data: FormData, kind: SinkKindAnswer, zone: string): FieldFaults {
  const numbers = kind.fields.flatMap(({ name, input }) => {
    const text = textOf(data, settingName(name)).trim()
    return input === "number" && text !== "" && !isNumber(text)
      ? [[settingName(name), "Write a number."] as const]
      : []
  })
  return { ...Object.fromEntries(numbers), begin: beginFault(data, zone) }
}

function beginFault(data: FormData, zone: string): string | undefined {
  if (data.get("begin") !== "time") return undefined
  return typedSpan(textOf(data, "beginTime"), zone) === null ? timeFault : undefined
}

/** Returns where the new sink begins. Throws for a time that `faultsOf` has refused. */
export function beginFrom(data: FormData, zone: string): SinkBegin {
  const chosen = data.get("begin")
  if (chosen === "beginning") return { at: "beginning" }
  if (chosen !== "time") return { at: "now" }
  const span = typedSpan(textOf(data, "beginTime"), zone)
  if (span === null) throw new Error("The time of the form was not checked before.")
  return { at: "time", time: span.from }
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name)
  return typeof value === "string" ? value : ""
}

function isNumber(text: string): boolean {
  return /^-?\d{1,15}(?:\.\d{1,6})?$/.test(text)
}
