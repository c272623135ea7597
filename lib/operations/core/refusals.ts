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

const minuteMs = 60_000

/**
 * Records a refusal. The first one of its kind in a minute (caller, operation, reason) is written before the returned
 * promise resolves; later ones are counted, and one event gives their number after the minute.
 */
export async function recordRefusal(refusal: Refusal, platform: Platform): Promise<void> {
  if (organizationsOf(refusal).length === 0) return
  const { caller, operation } = refusal
  const first = () => appendApart(doingOf(refusal, 1), platform)
  const others = async (count: number) => {
    try {
      await appendApart(doingOf(refusal, count), platform)
    } catch (error) {
      // Runs in the background without a caller to report to: the refusals were answered long ago, and the first of them
      // is in the log.
      log.error("refusals.not_written", { count, operation, error })
    }
  }
  const restMs = minuteMs - (caller.at.getTime() % minuteMs)
  await platform.refusals.note(keyOf(refusal), { first, others }, restMs)
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
