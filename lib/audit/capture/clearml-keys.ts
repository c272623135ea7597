import { isArray, isObject, type JsonValue } from "@/lib/audit/json/value"
import type { Fault } from "@/lib/errors"
import { bodyFlag } from "./parse-policy"
import type { BodyFlag, Categories } from "./policy"
import { Reader } from "./reader"

/** How ClearML's keys send recorded calls on. */
export const adapters = ["raw_log", "logging", "elastic"] as const
export type Adapter = (typeof adapters)[number]
export const rotations = ["monthly", "quarterly", "yearly"] as const
export type Rotation = (typeof rotations)[number]
export const endpointOptions = ["log_call", "log_data", "log_result_data"] as const
export type EndpointOption = (typeof endpointOptions)[number]
export const categoryNames = [
  "auth",
  "headers",
  "version",
  "stats",
  "result",
  "data",
] as const satisfies readonly (keyof Categories)[]

export interface ElasticHost {
  readonly host: string
  readonly port: number
  readonly scheme: "http" | "https"
}

/** What a known key may hold. */
export type SettingValue = boolean | number | string | BodyFlag | readonly ElasticHost[]

/** A key that is read: its name, and how its value is understood. `undefined` is a value that does not fit. */
export interface KnownKey {
  /** The one name of the key, whatever its spelling: parts joined by dots. */
  readonly key: string
  /** The endpoint and the option, for keys of endpoints; the endpoint of the defaults is null. */
  readonly endpoint?: { readonly name: string | null; readonly option: EndpointOption }
  /** Ends the sentence "expected ...". */
  readonly expected: string
  readonly read: (value: JsonValue) => SettingValue | undefined
  /** Why the key cannot be used at all. */
  readonly fault?: string
}

type Reading = Pick<KnownKey, "expected" | "read">

const yesOrNo: Reading = { expected: "true or false", read: booleanOf }
const text: Reading = { expected: "a text of 1 to 200 characters on one line", read: textOf }
const seconds: Reading = {
  expected: "a number of seconds from 0 to 86400",
  read: value => numberIn(value, 0, 86_400),
}

const elastic = "apiserver.apilog.adapters.elastic"
const fluentd = "apiserver.apilog.adapters.logging.handler.kwargs"

const readings: Readonly<Record<string, Reading>> = {
  "apiserver.log_calls": yesOrNo,
  "apiserver.apilog.adapter": oneOf(adapters),
  "apiserver.apilog.redact_identity": yesOrNo,
  "apiserver.apilog.rotation.time": oneOf(rotations),
  ...Object.fromEntries(categoryNames.map(name => [`apiserver.apilog.log_fields.${name}.enabled`, yesOrNo])),
  [`${fluentd}.host`]: text,
  [`${fluentd}.port`]: wholeNumber(1, 65_535),
  [`${fluentd}.tag`]: {
    expected: "words of letters, digits, _ and - with dots between them, 200 characters at most",
    read: value => {
      const tag = textOf(value)
      return tag !== undefined && /^[\w-]+(?:\.[\w-]+)*$/.test(tag) ? tag : undefined
    },
  },
  [`${elastic}.init_timeout_sec`]: seconds,
  [`${elastic}.bulk_enabled`]: yesOrNo,
  [`${elastic}.bulk_write_delay_sec`]: seconds,
  [`${elastic}.bulk_write_timeout_sec`]: seconds,
  [`${elastic}.bulk_min_items`]: wholeNumber(1, 100_000),
  "hosts.elastic.apilog.hosts": {
    expected: 'a list such as [{host: "elastic.example", port: 9200}]',
    read: hostsOf,
  },
}

/** The reference documentation of ClearML spells it so. */
const otherSpellings: Readonly<Record<string, string>> = {
  [`${elastic}.init_timout_sec`]: `${elastic}.init_timeout_sec`,
}

/** Sections in which every key is ours to know; ClearML's other keys are passed over. */
export const ourSections = [
  "apiserver.log_calls",
  "apiserver.apilog",
  "apiserver.endpoints",
  "hosts.elastic.apilog",
]

/** Returns the key that a path means, or null when none is known. */
export function knownKey(path: readonly string[]): KnownKey | null {
  const lower = path.map(part => part.toLowerCase())
  if (lower[0] === "apiserver" && lower[1] === "endpoints") return endpointKey(path.slice(2))
  const spelled = lower.join(".")
  const key = otherSpellings[spelled] ?? spelled
  const reading = Object.hasOwn(readings, key) ? readings[key] : undefined
  return reading === undefined ? null : { key, ...reading }
}

/** Returns whether a path is inside a section of ours, or is one that contains such a section. */
export function concerns(path: readonly string[]): { inside: boolean; around: boolean } {
  const name = path.join(".").toLowerCase()
  return {
    inside: ourSections.some(section => name === section || name.startsWith(`${section}.`)),
    around: ourSections.some(section => section.startsWith(`${name}.`)) || name === "",
  }
}

/** Returns the known key with the name most like a path, as a path. */
export function nearestKey(path: readonly string[]): string[] {
  const lower = path.map(part => part.toLowerCase())
  if (lower[0] === "apiserver" && lower[1] === "endpoints") {
    const option = nearest(lower.at(-1) ?? "", endpointOptions)
    return [...path.slice(0, Math.max(2, path.length - 1)), option]
  }
  return nearest(lower.join("."), Object.keys(readings)).split(".")
}

/** Returns whether a path looks like a section of ours that was mistyped. */
export function isAlmostOurs(path: readonly string[]): boolean {
  const [first = "", second = ""] = path.map(part => part.toLowerCase())
  return (
    first === "apiserver" && ["log_calls", "apilog", "endpoints"].some(name => distance(second, name) <= 2)
  )
}

// `__default__` and `__log_call` are split from the left, which leaves underscores at their ends.
function endpointKey(path: readonly string[]): KnownKey | null {
  const parts = path.filter(part => part !== "")
  const last = withoutUnderscores(parts.at(-1) ?? "").toLowerCase()
  const option = endpointOptions.find(name => name === last)
  const name = parts.slice(0, -1).join(".")
  if (option === undefined || name === "") return null
  const isDefault = withoutUnderscores(name).toLowerCase() === "default"
  const spelled = isDefault ? "_default" : name
  const reading: Reading =
    option === "log_call"
      ? yesOrNo
      : { expected: 'true, false or a list such as ["queue", "tags"]', read: bodyFlagOf }
  return {
    key: `apiserver.endpoints.${spelled}.${option}`,
    endpoint: { name: isDefault ? null : name, option },
    ...reading,
    ...(/^[^*\p{Cc}\p{Cs}]{1,100}$/u.test(name) ? {} : { fault: "is no exact name of an endpoint" }),
  }
}

function withoutUnderscores(part: string): string {
  return part.replace(/^_+|_+$/g, "")
}

function booleanOf(value: JsonValue): boolean | undefined {
  if (typeof value === "boolean") return value
  const word = String(value).trim().toLowerCase()
  if (["true", "yes", "on", "1"].includes(word)) return true
  return ["false", "no", "off", "0"].includes(word) ? false : undefined
}

function textOf(value: JsonValue): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined
  const given = String(value).trim()
  return /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(given) ? given : undefined
}

function numberIn(value: JsonValue, least: number, most: number): number | undefined {
  const given = typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : value
  return typeof given === "number" && given >= least && given <= most ? given : undefined
}

function wholeNumber(least: number, most: number): Reading {
  return {
    expected: `a whole number from ${least} to ${most}`,
    read: value => {
      const given = numberIn(value, least, most)
      return given === undefined || !Number.isInteger(given) ? undefined : given
    },
  }
}

function oneOf(words: readonly string[]): Reading {
  return {
    expected: `one of ${words.join(", ")}`,
    read: value => words.find(word => word === String(value).trim().toLowerCase()),
  }
}

function bodyFlagOf(value: JsonValue): BodyFlag | undefined {
  if (!isArray(value)) return booleanOf(value)
  // Single quotes are part of the text in HOCON: no field is called so.
  if (value.some(name => /^'.*'$/.test(String(name)))) return undefined
  const faults: Fault[] = []
  const flag = bodyFlag(new Reader(value, [], faults))
  return faults.length === 0 ? flag : undefined
}

function hostsOf(value: JsonValue): readonly ElasticHost[] | undefined {
  if (!isArray(value) || value.length === 0 || value.length > 100) return undefined
  const hosts = value.map((given: JsonValue): ElasticHost | undefined => {
    if (!isObject(given)) return undefined
    const host = textOf(given.host ?? null)
    const port = wholeNumber(1, 65_535).read(given.port ?? 9_200)
    const scheme = String(given.scheme ?? "http").toLowerCase()
    if (host === undefined || typeof port !== "number" || (scheme !== "http" && scheme !== "https"))
      return undefined
    return { host, port, scheme }
  })
  return hosts.every(host => host !== undefined) ? hosts : undefined
}

function nearest<Name extends string>(given: string, names: readonly Name[]): Name | string {
  return [...names].sort((one, other) => distance(given, one) - distance(given, other))[0] ?? given
}

/** Returns how many characters must be added, removed or replaced to make one text of another (Levenshtein). */
function distance(one: string, other: string): number {
  if (one.length > 200) return one.length
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[other.length] ?? 0
}
