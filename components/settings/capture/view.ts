import type { CapturePolicy } from "@/lib/audit/capture/policy"
import type { CaptureLock } from "./locks"

/** The policy as the page got it: what counts, with what the environment of the server sets. */
export interface CaptureView {
  readonly policy: CapturePolicy
  /** 0: none was ever saved. A change is based on a version. */
  readonly version: number
  readonly locks: readonly CaptureLock[]
}

/** An app that records calls, for the conditions of a rule. */
export interface AppChoice {
  readonly slug: string
  readonly name: string
}

/** How large the bodies of recent calls were in one direction. */
export interface BodySizes {
  /** Of all calls together. */
  readonly bytes: number
  /** The endpoint with the most bytes. */
  readonly largest: { readonly endpoint: string; readonly averageBytes: number } | null
}

/** What the counters of all calls say about the saved policy. */
export interface CaptureFigures {
  readonly days: number
  readonly counted: {
    readonly calls: number
    /** Calls of these days, in the order of the rules. */
    readonly rules: readonly number[]
    /** Calls of these days, in the order of the ignore list. */
    readonly ignored: readonly number[]
    /** Endpoints that rules name and no call had. */
    readonly neverSeen: readonly string[]
  }
  readonly request: BodySizes
  readonly response: BodySizes
}
