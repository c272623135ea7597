import type { BodyFlag, Rule, RuleConditions } from "@/lib/audit/capture/policy"
import type { ActorType } from "@/lib/audit/event/event"

/** Returns the parts as a list in a sentence: `a`, `a or b`, `a, b or c`. */
export function listed(parts: readonly string[], word: "and" | "or"): string {
  if (parts.length < 2) return parts.join("")
  return `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`
}

/** Returns the number with its noun: `1 call`, `1,204 calls`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** Returns the number with commas between thousands, the same on server and browser. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",")
}

const units = ["bytes", "kB", "MB", "GB", "TB"] as const

/** Returns a size with its unit: `512 bytes`, `1.5 kB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  if (unit === 0) return size === 1 ? "1 byte" : `${formatCount(size)} bytes`
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

const outcomeWords = { success: "succeeded", failure: "failed", denied: "were denied" } as const

/** Returns which calls the conditions match: `Calls of POST to /secrets/create that were denied`. */
export function conditionWords(when: RuleConditions): string {
  const { methods, paths, endpoints, apps, actorTypes, outcomes } = when
  const words = [methods ? `${listed(methods, "or")} calls` : "Calls"]
  if (paths) words.push(`to ${listed(paths.map(pathWords), "or")}`)
  if (endpoints) words.push(`${paths ? "that are" : "to"} ${listed(endpoints, "or")}`)
  if (apps) words.push(`recorded by ${apps.length === 1 ? "the app" : "the apps"} ${listed(apps, "or")}`)
  if (actorTypes)
    words.push(
      `made by ${listed(
        actorTypes.map(type => actorWords[type]),
        "or",
      )}`,
    )
  if (outcomes)
    words.push(
      `that ${listed(
        outcomes.map(outcome => outcomeWords[outcome]),
        "or",
      )}`,
    )
  return words.length === 1 && !methods ? "Every call" : words.join(" ")
}

function pathWords(path: string): string {
  return path.endsWith("*") ? `${path.slice(0, -1)}…` : path
}

/** The kinds of callers, as the conditions name them. */
export const actorWords: Readonly<Record<ActorType, string>> = {
  user: "users",
  service_account: "service accounts",
  api_key: "API keys",
  connected_app: "connected apps",
  system: "the system",
  staff: "staff",
  anonymous: "anonymous callers",
}

function bodyWords(flag: true | readonly string[], name: string): string {
  return flag === true ? `the ${name}` : `${listed(flag, "and")} of the ${name}`
}

/** Returns the sentence of a rule by itself: what it leaves open is said to come from the default. */
export function ownSentence({ when, then: { call, data, resultData } }: Rule): string {
  if (call === false) return `${conditionWords(when)}: not recorded.`
  const words = [
    call === undefined ? "as the default" : "recorded",
    ownBodyWords(data, "request data"),
    ownBodyWords(resultData, "response data"),
  ]
  return `${conditionWords(when)}: ${words.filter(part => part !== null).join(", ")}.`
}

function ownBodyWords(flag: BodyFlag | undefined, name: string): string | null {
  if (flag === undefined) return null
  return flag === false ? `without ${name}` : `with ${bodyWords(flag, name)}`
}
