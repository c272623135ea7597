import { log } from "@/lib/log"
import type { Platform } from "@/lib/platform"
import type { About, Caller } from "./operation"
import { type OwnDoing, organizationsOf } from "./own-event"
import { appendApart } from "./own-log"

/** A refused call, and the reason in words for the log. `about.metadata.owasp` names the kind of refusal. */
export interface Refusal {
  readonly operation: string
  readonly caller: Caller
  readonly about: About
  readonly message: string
}

interface Repeated {
  readonly last: Refusal
  readonly count: number
}

const minuteMs = 60_000
// The bundler may load this module more than once in a process; repetitions are counted together all the same.
const shared = Symbol.for("auditorium.refusals")
const repeatedOf = sharedMap()
/** Where scripts/server.mjs finds the work to do before the process ends; it cannot import from the bundle. */
const closing = Symbol.for("auditorium.closing")

function sharedMap(): WeakMap<Platform, Map<string, Repeated | null>> {
  // The one cast: only this function sets the value of our own symbol.
  const holder = globalThis as { [shared]?: WeakMap<Platform, Map<string, Repeated | null>> }
  holder[shared] ??= new WeakMap()
  return holder[shared]
}

/**
 * Records a refusal. The first one of its kind in a minute (caller, operation, reason) is written before the returned
 * promise resolves; later ones are counted, and one event gives their number after the minute.
 */
export async function recordRefusal(refusal: Refusal, platform: Platform): Promise<void> {
  if (organizationsOf(refusal).length === 0) return
  const seen = repeatedOf.get(platform) ?? new Map<string, Repeated | null>()
  repeatedOf.set(platform, seen)
  Object.assign(globalThis, { [closing]: () => writeRepeatedRefusals(platform) })
  const key = keyOf(refusal)
  const before = seen.get(key)
  if (before !== undefined) {
    seen.set(key, { last: refusal, count: (before?.count ?? 0) + 1 })
    return
  }
  seen.set(key, null)
  try {
    await appendApart(doingOf(refusal, 1), platform)
  } catch (error) {
    seen.delete(key)
    throw error
  }
  setTimeout(
    () => void closeMinute(key, platform),
    minuteMs - (refusal.caller.at.getTime() % minuteMs),
  ).unref()
}

/** Writes the current counts, for the end of the process; a finished minute writes its own. */
export async function writeRepeatedRefusals(platform: Platform): Promise<void> {
  for (const key of repeatedOf.get(platform)?.keys() ?? []) await closeMinute(key, platform)
}

async function closeMinute(key: string, platform: Platform): Promise<void> {
  const seen = repeatedOf.get(platform)
  const repeated = seen?.get(key)
  seen?.delete(key)
  if (!repeated) return
  try {
    await appendApart(doingOf(repeated.last, repeated.count), platform)
  } catch (error) {
    // Runs in the background without a caller to report to: the refusals were answered long ago, and the first of
    // them is in the log.
    log.error("refusals.not_written", { count: repeated.count, operation: repeated.last.operation, error })
  }
}

function doingOf({ operation, caller, about, message }: Refusal, count: number): OwnDoing {
  const details =
    count === 1
      ? about.details
      : [...(about.details ?? []), `${count} further refusals within the same minute.`]
  return {
    operation,
    caller,
    about: { ...about, details, metadata: { ...about.metadata, count } },
    outcome: { status: "denied", statusMessage: message },
  }
}

function keyOf({ operation, caller, about }: Refusal): string {
  const { principal, source, at } = caller
  const who =
    principal.kind === "person"
      ? principal.personId
      : principal.kind === "api-key"
        ? principal.keyId
        : principal.kind === "job"
          ? principal.name
          : `${about.actor?.id} ${source?.ipText}`
  const minute = Math.floor(at.getTime() / minuteMs)
  return JSON.stringify([
    principal.kind,
    who,
    operation,
    about.metadata?.owasp,
    minute,
    // Refusals about different targets are counted apart.
    about.targets.map(({ id }) => id),
    organizationsOf({ caller, about }),
  ])
}
