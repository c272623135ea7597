import type { CapturePolicy, Rule } from "@/lib/audit/capture/policy"
import { isSame } from "./draft"
import { formatBytes, ownSentence } from "./words"

/** One difference between two policies, in words. Null: it was not there, or is no longer. */
export interface PolicyChange {
  readonly label: string
  readonly before: string | null
  readonly after: string | null
}

interface Part {
  readonly label: string
  readonly read: (policy: CapturePolicy) => unknown
  readonly words: (value: never) => string
}

const onOff = (value: boolean) => (value ? "On" : "Off")
const body = (value: boolean | readonly string[]) =>
  typeof value === "boolean" ? (value ? "Recorded" : "Not recorded") : `Only ${value.join(", ")}`
const list = (values: readonly string[]) => (values.length === 0 ? "None" : values.join(", "))

/** The parts of a policy with one value each, in the order of the screen. */
const parts: readonly Part[] = [
  { label: "Recording", read: ({ enabled }) => enabled, words: onOff },
  { label: "Calls to this console and its API", read: ({ ownCalls }) => ownCalls, words: body },
  { label: "Default: the call", read: policy => policy.default.call, words: body },
  { label: "Default: request data", read: policy => policy.default.data, words: body },
  { label: "Default: response data", read: policy => policy.default.resultData, words: body },
  { label: "Part: identity", read: ({ categories }) => categories.auth, words: onOff },
  { label: "Part: headers", read: ({ categories }) => categories.headers, words: onOff },
  { label: "Part: API version", read: ({ categories }) => categories.version, words: onOff },
  { label: "Part: duration and sizes", read: ({ categories }) => categories.stats, words: onOff },
  { label: "Part: result", read: ({ categories }) => categories.result, words: onOff },
  { label: "Part: bodies", read: ({ categories }) => categories.data, words: onOff },
  {
    label: "Identity of callers",
    read: ({ redactIdentity }) => redactIdentity,
    words: (value: boolean) => (value ? "Redacted" : "Recorded"),
  },
  {
    label: "Created and changed objects",
    read: ({ idsOnly }) => idsOnly,
    words: (value: boolean) => (value ? "Only ids" : "Ids and names"),
  },
  { label: "Limit of request data", read: ({ limits }) => limits.requestBytes, words: formatBytes },
  { label: "Limit of response data", read: ({ limits }) => limits.responseBytes, words: formatBytes },
  { label: "Also secret here", read: ({ secretNames }) => secretNames, words: list },
  { label: "Headers to record", read: ({ headerNames }) => headerNames, words: list },
  {
    label: "License key",
    read: ({ licenseKey }) => licenseKey,
    words: (value: string | null) => value ?? "None",
  },
]

/** Returns what changed between two policies, in words and in the order of the screen; empty when they are the same. */
export function changesBetween(before: CapturePolicy, after: CapturePolicy): readonly PolicyChange[] {
  const simple = parts.flatMap(({ label, read, words }): PolicyChange[] => {
    const [old, next] = [read(before), read(after)]
    // The cast: each part writes the values that it reads.
    return isSame(old, next) ? [] : [{ label, before: words(old as never), after: words(next as never) }]
  })
  return [...simple, ...ignoreChanges(before.ignore, after.ignore), ...ruleChanges(before, after)]
}

function ignoreChanges(before: readonly string[], after: readonly string[]): PolicyChange[] {
  const removed = before.filter(path => !after.includes(path))
  const added = after.filter(path => !before.includes(path))
  return [
    ...added.map(path => ({ label: "Ignored path", before: null, after: path })),
    ...removed.map(path => ({ label: "Ignored path", before: path, after: null })),
  ]
}

/** Rules are the same rule when they have the same name. */
function ruleChanges(before: CapturePolicy, after: CapturePolicy): PolicyChange[] {
  const [old, next] = [named(before.rules), named(after.rules)]
  const words = (rule: Rule | undefined) => (rule === undefined ? null : ownSentence(rule))
  const keys = [...new Set([...next.keys(), ...old.keys()])]
  const changed = keys.flatMap((key): PolicyChange[] => {
    const [was, is] = [old.get(key), next.get(key)]
    if (isSame(was, is)) return []
    return [{ label: `Rule “${is?.name ?? was?.name}”`, before: words(was), after: words(is) }]
  })
  const common = (from: ReadonlyMap<string, Rule>, other: ReadonlyMap<string, Rule>) =>
    [...from].filter(([key]) => other.has(key)).map(([, { name }]) => name)
  const [oldOrder, newOrder] = [common(old, next), common(next, old)]
  if (isSame(oldOrder, newOrder)) return changed
  return [...changed, { label: "Order of the rules", before: numbered(oldOrder), after: numbered(newOrder) }]
}

/** Returns the rules by name; of several with one name, by the name and their number. */
function named(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  const byName = new Map<string, Rule>()
  for (const rule of rules) {
    let key = rule.name
    for (let number = 2; byName.has(key); number++) key = `${rule.name} (${number})`
    byName.set(key, rule)
  }
  return byName
}

function numbered(names: readonly string[]): string {
  return names.map((name, index) => `${index + 1}. ${name}`).join("\n")
}
