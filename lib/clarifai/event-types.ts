import { clarifaiOperations } from "@/lib/audit/event/catalogue-entries"

/** A type of events that the protocol has a code for. */
export interface EventType {
  readonly code: number
  /** As the protocol spells it: MODEL_CREATE. */
  readonly name: string
  readonly description: string
}

/**
 * All of them. They are the lines of the catalogue of operations that have a code, so that an event, its description and its
 * code cannot differ: to add a type, add a line to `catalogue-entries.ts`.
 */
export const eventTypes: readonly EventType[] = clarifaiOperations.map(([code, name, , description]) => ({
  code,
  name: name.replaceAll(".", "_").toUpperCase(),
  description,
}))

const codeByName: ReadonlyMap<string, number> = new Map(eventTypes.map(({ name, code }) => [name, code]))

/** Returns the code of a type by its name in the protocol, or null when no type has it. */
export function codeOfName(name: string): number | null {
  return codeByName.get(name) ?? null
}
