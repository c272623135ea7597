import type { Flags } from "./policy"

/** Names for the combinations of flags that people choose most. */
export const levels = ["none", "metadata", "request", "request-response"] as const
export type Level = (typeof levels)[number]

/** Returns the level of flags; "custom" for those that have no name. Without `call` nothing is recorded, whatever the rest. */
export function levelOf({ call, data, resultData }: Flags): Level | "custom" {
  if (!call) return "none"
  if (resultData === false) return data === false ? "metadata" : data === true ? "request" : "custom"
  return data === true && resultData === true ? "request-response" : "custom"
}

/** Returns the highest level that records nothing beyond the flags. */
export function nearestLowerLevel(flags: Flags): Level {
  if (!flags.call) return "none"
  if (flags.data !== true) return "metadata"
  return flags.resultData === true ? "request-response" : "request"
}

export function flagsOf(level: Level): Flags {
  return {
    call: level !== "none",
    data: level === "request" || level === "request-response",
    resultData: level === "request-response",
  }
}
