import { auditorium } from "./auditorium"
import { clearml } from "./clearml"
import { cloudevents } from "./cloudevents"
import { ucp } from "./ucp"
import type { EventWriter } from "./writer"

/** Every format in which copies of events leave, in the order in which a form offers them. */
export const eventWriters: readonly EventWriter[] = [auditorium, clearml, ucp, cloudevents]

/** Returns the format of that name, or null when there is none. */
export function eventWriterNamed(name: string): EventWriter | null {
  return eventWriters.find(writer => writer.name === name) ?? null
}
