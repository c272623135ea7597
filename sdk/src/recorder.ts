import type { Call, CallStart } from "@/lib/audit/capture/call"
import { callOutcome } from "@/lib/audit/capture/call-outcome"
import { withCaller } from "@/lib/audit/capture/caller"
import { type Considered, considered, decide } from "@/lib/audit/capture/decide"
import { eventTextOf } from "@/lib/audit/capture/event"
import { hideInEvent } from "@/lib/audit/capture/floor"
import { createOperationNames } from "@/lib/audit/capture/operations"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { Profile } from "@/lib/audit/capture/profiles/profile"
import type { EventInput } from "@/lib/audit/event/input"
import { newId } from "@/lib/audit/ids"
import type { Counts } from "./counts"
import type { Log } from "./log"
import type { RecordOutcome, RecordResult } from "./outcome"
import type { CurrentPolicy, PolicyClient } from "./policy-client"
import { lineOf, lineOfText } from "./queue"
import type { Sender } from "./sender"

/** How many bytes of each body are copied while a call passes; 0 is none. */
export interface Keep {
  readonly requestBytes: number
  readonly responseBytes: number
}

/** One call on its way. What the policy said at its start holds until its end. */
export interface Watched {
  readonly keep: Keep
  /** Takes the facts of the call: at its end, and for one that stays open also when that is known (`state` "opened"). */
  take(call: Call): void
}

export interface RecorderOptions {
  readonly sender: Sender
  readonly policy: PolicyClient
  readonly counts: Counts
  readonly profile: Profile
  readonly log: Log
}

/** Calls that end before the policy has been asked for the first time wait for the answer. */
const mostHeld = 500
/** `record` has an answer by then. */
const longestRecordMs = 5_000

/** Decides about calls and makes events of them, which the sender takes. Nothing here throws, waits or holds up a call. */
export class Recorder {
  readonly #sender: Sender
  readonly #policy: PolicyClient
  readonly #counts: Counts
  readonly #profile: Profile
  readonly #log: Log
  readonly #operations = createOperationNames()
  #held: (() => void)[] = []
  #open = 0

  constructor({ sender, policy, counts, profile, log }: RecorderOptions) {
    this.#sender = sender
    this.#policy = policy
    this.#counts = counts
    this.#profile = profile
    this.#log = log
    void policy.start().then(() => {
      for (const decideNow of this.#held.splice(0)) decideNow()
    })
  }

  /** The slug of the app that the calls are recorded for, when it is known. */
  get app(): string | null {
    return this.#policy.current.app
  }

  /** False when the next call could not be recorded, those counted that are on their way. */
  hasRoom(): boolean {
    const { policy } = this.#policy.current
    const bytes = 4_096 + policy.limits.requestBytes + policy.limits.responseBytes
    return this.#sender.hasRoom(this.#open + 1, (this.#open + 1) * bytes)
  }

  watch(start: CallStart): Watched {
    const current = this.#policy.current
    const wasReady = this.#policy.isReady
    let isOver = false
    this.#open++
    const keep = wasReady
      ? (this.#guard(() => keepFor(start, current.policy, this.#profile)) ?? nothing)
      : forAnyPolicy
    return {
      keep,
      take: call => {
        if (isOver) return
        if (call.state !== "opened") {
          isOver = true
          this.#open--
        }
        const decideNow = () =>
          this.#guard(() =>
            keep === unrecorded
              ? this.#count(call)
              : this.#take(call, wasReady ? current : this.#policy.current),
          )
        if (this.#policy.isReady || this.#held.length >= mostHeld) decideNow()
        else this.#held.push(decideNow)
      },
    }
  }

  /** Resolves when the server has the event, or it is kept to be sent, or it is clear that it is not. Never rejects. */
  record(event: EventInput): Promise<RecordResult> {
    return new Promise(resolve => {
      let id = ""
      // It keeps the process running: the application waits for this event.
      const limit = setTimeout(() => resolve({ id, outcome: "kept" }), longestRecordMs)
      const settle = (outcome: RecordOutcome, why?: string) => {
        clearTimeout(limit)
        resolve({ id, outcome, ...(why === undefined ? {} : { why }) })
      }
      try {
        if (typeof event !== "object" || event === null) throw new TypeError("An event is an object.")
        const now = new Date()
        id = event.id ?? newId(now.getTime())
        const whole = { ...event, id, occurredAt: event.occurredAt ?? instantOf(now) }
        this.#sender.add(lineOf(hideInEvent(whole).event, whole.occurredAt, settle))
      } catch (error) {
        this.#sender.losses.add("failed", instantOf(new Date()))
        settle("refused", textOf(error))
      }
    })
  }

  /** Counts a call that has ended, and returns its endpoint. */
  #count(call: Call): string {
    const { endpoint } = this.#profile.endpointOf(call)
    if (call.state !== "opened")
      this.#counts.add(call, endpoint, call.status, { in: call.requestBytes, out: call.responseBytes })
    return endpoint
  }

  #take(call: Call, { policy, version }: CurrentPolicy): void {
    const endpoint = this.#count(call)
    const known = withCaller(call, this.#profile)
    const decision = decide(policy, known, endpoint, { outcome: callOutcome(known, this.#profile) })
    if (!decision.call) return
    const text = eventTextOf(
      {
        call: known,
        policy,
        policyVersion: version,
        decision,
        profile: this.#profile,
        operations: this.#operations,
      },
      newId(Date.now()),
    )
    this.#sender.add(lineOfText(text, call.occurredAt))
  }

  /** What fails here must not fail in the application: it is counted as a loss. */
  #guard<Result>(work: () => Result): Result | undefined {
    try {
      return work()
    } catch (error) {
      this.#sender.losses.add("failed", instantOf(new Date()))
      this.#log(`A call could not be recorded: ${textOf(error)}`)
      return undefined
    }
  }
}

const nothing: Keep = { requestBytes: 0, responseBytes: 0 }
/** Of a call that the policy does not record, however it ends: it is only counted. */
const unrecorded: Keep = { ...nothing }
/** So much is enough to find the id of what a call created. */
const readByProfile = 16 * 1024
/** Of a call that begins before the policy has been asked for, so that whatever it says can be done. */
const forAnyPolicy: Keep = { requestBytes: readByProfile, responseBytes: readByProfile }

/** Returns how much of the bodies to keep until the call ends. */
export function keepFor(start: CallStart, policy: CapturePolicy, profile: Profile): Keep {
  const { endpoint, profile: found = profile.name } = profile.endpointOf(start)
  // A framework may name the route only at the end, and the route is the endpoint of a call that no other profile knows.
  const isFinal = start.route !== null || found !== "generic"
  const kept: Considered = considered(policy, start, isFinal ? endpoint : null)
  if (!kept.call) return unrecorded
  const needs = profile.needs(start)
  return {
    requestBytes: bytesFor(kept.data, policy.limits.requestBytes, needs.request),
    responseBytes: bytesFor(kept.resultData, policy.limits.responseBytes, needs.response),
  }
}

/** A body is cut after it was read, so more is read than is recorded. */
function bytesFor(isRecorded: boolean, limit: number, isRead: boolean): number {
  if (!isRecorded) return isRead ? readByProfile : 0
  return Math.max(readByProfile, 4 * limit)
}

/** Returns the instant with six digits of a second. */
export function instantOf(date: Date): string {
  const milliseconds = date.getTime()
  if (milliseconds !== written.milliseconds)
    written = { milliseconds, text: `${date.toISOString().slice(0, -1)}000Z` }
  return written.text
}

/** Many calls begin in one millisecond. */
let written = { milliseconds: Number.NaN, text: "" }

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
