import type { JsonObject } from "@/lib/audit/json/value"

/**
 * What a receiver can do wrong. `down`: refuses connections. `busy`: takes nothing for now, and says so. `breaks`: closes the
 * connection while a batch arrives. `silent`: takes the bytes and never answers. `garbage`: answers something that is no answer of
 * its protocol. `endless`: begins an answer that never ends.
 */
export const peerFaults = ["down", "busy", "breaks", "silent", "garbage", "endless"] as const
export type PeerFault = (typeof peerFaults)[number]

/** What a receiver has stored of one event. */
export interface Received {
  /** The entry, read back from what arrived. */
  readonly entry: JsonObject
  /** The id of the document where the receiver has such ids, else null. */
  readonly documentId: string | null
}

/** A receiver of one kind of sink for the contract: the real program where it can be had, else a strict stand-in. */
export interface SinkPeer {
  /** As the API gets them. */
  readonly settings: JsonObject
  readonly credentials: Readonly<Record<string, string>>
  /** The same settings with another host; null where there is no host. */
  readonly elsewhere: JsonObject | null
  /** The entries of OUTBOUND_ALLOW without which it is not reached; empty where nothing is connected. */
  readonly allow: readonly string[]
  /** For kinds that keep files. */
  readonly directory: string | null
  /** `once`: a batch that arrives twice is stored once. */
  readonly repetitions: "once" | "again"
  /** How each fault is made, or why it cannot happen. */
  readonly faults: Readonly<Record<PeerFault, (() => Promise<void> | void) | string>>
  /** Ends every fault. */
  heal(): Promise<void>
  /** Resolves when some bytes of a batch have arrived since the last fault began. */
  reached(): Promise<void>
  /** Returns everything that was stored, in the order of arrival; what was stored twice, twice. */
  received(): Promise<readonly Received[]>
  close(): Promise<void>
}

/** Each file of test/sinks/peers is named as its kind and exports this as `startPeer`. */
export type StartPeer = () => Promise<SinkPeer>
