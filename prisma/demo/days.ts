import type { EventInput } from "@/lib/audit/event/input"
import { type Activity, activities } from "./activities"
import { cast, type DemoActor } from "./people"
import { type Random, random } from "./random"

/** An event of the demo organization before it gets its id: what a producer would send, and through which app. */
export interface DemoEvent {
  readonly app: string
  readonly occurredAtMs: number
  readonly input: EventInput
}

const dayMs = 24 * 60 * 60 * 1000
const hourMs = 60 * 60 * 1000

/** Relative load of each hour of a working day, local time; the dip is lunch. */
const officeHours = [
  0, 0, 0, 0, 0, 0, 0.2, 1, 4, 9, 10, 9, 5, 7, 9, 9, 8, 6, 3, 1, 0.6, 0.4, 0.2, 0.1,
] as const

function momentOf(actor: DemoActor, dayStartMs: number, chance: Random): number {
  if (actor.automatic) return dayStartMs + Math.floor(chance.next() * dayMs)
  const hours = officeHours.map((load, hour) => [hour, load] as const)
  const first = hours[9] ?? ([9, 1] as const)
  const localHour = chance.weighted([first, ...hours.filter(([hour]) => hour !== 9)])
  return dayStartMs + (localHour - actor.utcOffsetHours) * hourMs + Math.floor(chance.next() * hourMs)
}

function outcome(
  activity: Activity,
  chance: Random,
): Pick<EventInput, "status" | "statusCode" | "statusMessage"> {
  if (chance.next() >= activity.failing) return { status: "success" }
  if (chance.next() < 0.35) {
    return {
      status: "denied",
      statusCode: "403",
      statusMessage: "The actor lacks the permission for this action.",
    }
  }
  return chance.pick<Pick<EventInput, "status" | "statusCode" | "statusMessage">>([
    { status: "failure", statusCode: "500", statusMessage: "The service did not answer in time." },
    { status: "failure", statusCode: "409", statusMessage: "The resource was changed by somebody else." },
    { status: "failure", statusCode: "422", statusMessage: "A required field was empty." },
  ])
}

function eventOf(actor: DemoActor, occurredAtMs: number, chance: Random): DemoEvent {
  const app = chance.pick(actor.apps)
  const candidates = activities[app] ?? []
  const [first, ...rest] = candidates.map(activity => [activity, activity.weight] as const)
  if (!first) throw new Error(`The demo app ${app} has no activities.`)
  const activity = chance.weighted([first, ...rest])
  return {
    app,
    occurredAtMs,
    input: {
      operation: activity.operation,
      ...(activity.description && { description: activity.description }),
      actor: actor.actor,
      source: { ip: chance.pick(actor.addresses), userAgent: actor.userAgent },
      requestId: `req-${chance.hex(20)}`,
      ...outcome(activity, chance),
      ...activity.describe(chance),
    },
  }
}

/** Weekends are quiet, the company grows, and some days are release days. */
function eventsOnDay(dayStartMs: number, progress: number, perDay: number, chance: Random): number {
  const weekday = new Date(dayStartMs).getUTCDay()
  const calm = weekday === 0 || weekday === 6 ? 0.22 : 1.25
  const growth = 0.45 + 1.1 * progress
  const burst = chance.next() < 0.03 ? 2.6 : 1
  return Math.round(perDay * calm * growth * burst * (0.8 + chance.next() * 0.4))
}

/** Returns about `total` everyday events over the `days` before `endMs`, the same for the same arguments, sorted by time. */
export function everydayEvents(endMs: number, days: number, total: number): DemoEvent[] {
  const chance = random(20_261_121)
  const [first, ...rest] = cast.map(member => [member, member.weight] as const)
  if (!first) return []
  const endDayMs = Math.floor(endMs / dayMs) * dayMs
  const events: DemoEvent[] = []
  for (let day = days; day >= 0; day--) {
    const dayStartMs = endDayMs - day * dayMs
    const weekend = [0, 6].includes(new Date(dayStartMs).getUTCDay())
    const count = eventsOnDay(dayStartMs, 1 - day / days, total / days, chance)
    for (let n = 0; n < count; n++) {
      const member = chance.weighted([first, ...rest])
      const actor = weekend && !member.automatic && chance.next() < 0.8 ? chance.pick([...machines]) : member
      const occurredAtMs = momentOf(actor, dayStartMs, chance)
      const event = eventOf(actor, occurredAtMs, chance)
      if (occurredAtMs < endMs) events.push(event)
    }
  }
  return events.sort((a, b) => a.occurredAtMs - b.occurredAtMs)
}

const machines = someMachines()

function someMachines(): readonly [DemoActor, ...DemoActor[]] {
  const [first, ...rest] = cast.filter(member => member.automatic)
  if (!first) throw new Error("The demo organization has no machines.")
  return [first, ...rest]
}
