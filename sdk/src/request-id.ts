import { newId } from "@/lib/audit/ids"

/** Returns the id that somebody in front has given to the request, or a new one. */
export function requestIdOf(given: unknown, now: Date): string {
  const id = typeof given === "string" ? given.trim() : ""
  return id === "" ? newId(now.getTime()) : id
}
