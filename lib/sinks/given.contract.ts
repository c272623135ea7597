import type { Outbound } from "@/lib/outbound/outbound"
import { acme, batchOf } from "@/test/sinks/batch"
import { outboundFor } from "@/test/sinks/outbound-for"
import type { SinkPeer, StartPeer } from "@/test/sinks/peer"
import type { AnySinkKind } from "./kinds"
import { type Batch, type SinkConnection, SinkError, type Written } from "./sink"

/** The kind with its receiver. Each batch of the suite has numbers of its own. */
export class Given {
  readonly kind: AnySinkKind
  private readonly startPeer: StartPeer
  private started: SinkPeer | undefined
  private next = 0

  constructor(kind: AnySinkKind, startPeer: StartPeer) {
    this.kind = kind
    this.startPeer = startPeer
  }

  async begin(): Promise<void> {
    this.started = await this.startPeer()
  }

  async end(): Promise<void> {
    await this.started?.close()
  }

  get peer(): SinkPeer {
    if (this.started === undefined) throw new Error("The suite has not begun.")
    return this.started
  }

  get outbound(): Outbound {
    return outboundFor(this.peer.allow)
  }

  open(outbound = this.outbound, credentials = this.peer.credentials): Promise<SinkConnection> {
    const { settings, directory } = this.peer
    return this.kind.open({
      settings: this.kind.settings.parse(settings),
      credentials,
      outbound,
      directory,
      now: () => new Date(),
    })
  }

  batch(contents: Parameters<typeof batchOf>[0] = [{}, {}, {}], organization = acme): Batch {
    const first = this.next
    this.next += contents.length
    return batchOf(contents, { organization, first })
  }

  /** Returns the lines that arrived while `work` ran. */
  async arriving(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = (await this.peer.received()).length
    await work()
    return (await this.peer.received()).slice(before).map(({ entry }) => sorted(entry))
  }
}

export const signal = () => new AbortController().signal
export const linesOf = (batch: Batch) => batch.events.map(({ entry }) => sorted(entry))
/** Only a result says that something was taken; an error never does. */
export const allTaken = (outcome: Written | SinkError) =>
  !(outcome instanceof SinkError) && ("all" in outcome || outcome.items.every(item => item === "taken"))

/** JSON with the members of every object in one order: receivers may change it. */
export function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  )
}

export function written(
  connection: SinkConnection,
  batch: Batch,
  until: AbortSignal,
): Promise<Written | SinkError> {
  return connection.write(batch, until).catch(sinkError)
}

/** Every failure of a sink is a SinkError: anything else is a fault of the kind. */
export function sinkError(error: unknown): SinkError {
  if (error instanceof SinkError) return error
  throw error
}
