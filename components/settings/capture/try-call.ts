import type { Decision } from "@/lib/audit/capture/decide"
import type { ProfileName } from "@/lib/audit/capture/profiles/profile"
import type { EventInput } from "@/lib/audit/event/input"

/** A made-up call, as the form holds it. */
export interface TryText {
  readonly profile: ProfileName
  readonly method: string
  /** With its query. */
  readonly path: string
  /** One on each line: `name: value`. */
  readonly headers: string
  readonly requestBody: string
  readonly status: string
  readonly responseBody: string
  /** Slug; empty: of no app. */
  readonly app: string
}

/** A made-up call, as the server is asked about it. */
export interface TriedCall {
  readonly profile: ProfileName
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly requestBody: string
  readonly status: number
  readonly responseBody: string
  readonly app: string | null
}

/** What the policy says about a made-up call. */
export interface TryAnswer {
  readonly endpoint: string
  readonly decision: Decision
  /** Exactly what would be stored; null when nothing would. */
  readonly event: EventInput | null
}

/** Returns the call of a form. */
export function callOfText({ headers, status, app, ...text }: TryText): TriedCall {
  return {
    ...text,
    headers: headers
      .split("\n")
      .map(line => line.split(/:(.*)/s))
      .flatMap(([name = "", value = ""]) =>
        name.trim() === "" ? [] : [[name.trim(), value.trim()] as const],
      ),
    status: Number(status),
    app: app === "" ? null : app,
  }
}

/** Returns what is wrong with the form, by control; empty when nothing is. */
export function faultsOfText({ path, status, headers }: TryText): Readonly<Record<string, string>> {
  return {
    ...(!path.startsWith("/") && { path: "Begin the path with a slash." }),
    ...(!/^[1-5]\d\d$/.test(status) && { status: "Use a status from 100 to 599." }),
    ...(headers.split("\n").some(line => line.trim() !== "" && !/^\s*[^\s:]+\s*:/.test(line)) && {
      headers: "Write each header as name: value.",
    }),
  }
}

/** Returns which part of the policy decided, as a sentence. */
export function decisionWords({ why, rule, ruleIndex }: Decision): string {
  const byRule = `Rule ${(ruleIndex ?? 0) + 1}, “${rule}”, decides.`
  switch (why) {
    case "disabled":
      return "Recording is off: the call is only counted."
    case "never":
      return "Calls of this kind are never recorded."
    case "method":
      return "Its method is not recorded unless a rule names it."
    case "ignored":
      return "Its path is ignored."
    case "rule":
      return byRule
    case "default":
      return "No rule matches: the default decides."
    case "call-off":
      return rule === null
        ? "No rule matches, and the default does not record calls."
        : `${byRule} It does not record the call.`
  }
}

/** Returns what would be kept of the call, as a sentence. */
export function keptWords({ call, data, resultData }: Decision): string {
  if (!call) return "Nothing is stored."
  const bodies = [
    data === false ? null : data === true ? "request data" : "some fields of the request data",
    resultData === false ? null : resultData === true ? "response data" : "some fields of the response data",
  ].filter(words => words !== null)
  return bodies.length === 0 ? "It is stored without bodies." : `It is stored with ${bodies.join(" and ")}.`
}
