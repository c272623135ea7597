import type { JsonObject } from "@/lib/audit/json/value"

// JSON escapes C0 controls. The others that break a line or control a terminal are DEL, C1, the two Unicode line breaks, and
// those that change the writing direction. They occur in texts only, so the line means the same.
const unsafe = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Returns an entry as one line of JSON that no reader of lines and no terminal can take for several lines or for commands. */
export function entryLine(entry: JsonObject): string {
  return JSON.stringify(entry).replace(unsafe, escaped)
}

export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
}
