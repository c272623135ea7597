import { allowedHost, type OperatorHost, type OutboundAllow } from "./allow"
import { connect, destinationOf, type Guard } from "./connect"
import { judgeBy } from "./judge"
import { type Lookup, sharedLookup, systemLookup } from "./lookup"
import { type Outbound, OutboundError, type OutboundTarget } from "./outbound"
import { readUrl } from "./read-url"
import { request } from "./request"

interface Options {
  /** OUTBOUND_ALLOW. */
  readonly allow: OutboundAllow
  /** What the operator has configured for this use. It is allowed here, and nowhere else. */
  readonly operatorHosts?: readonly OperatorHost[]
  readonly lookup?: Lookup
}

/** Returns the way out for one use. */
export function outbound({ allow, operatorHosts = [], lookup = systemLookup }: Options): Outbound {
  const judge = judgeBy({ allow, configured: operatorHosts.flatMap(allowedHost) })
  const guard: Guard = { judge, lookup: sharedLookup(lookup) }
  return {
    check: target => checkTarget(guard, target),
    checkUrl(url) {
      const read = readUrl(url)
      return "fault" in read ? read.fault : judge.destination(read.destination)
    },
    request: asked => request(guard, asked),
    connect: (target, limits) => connect(guard, target, limits),
  }
}

function checkTarget({ judge }: Guard, target: OutboundTarget): string | null {
  try {
    return judge.destination(destinationOf(target))
  } catch (error) {
    if (error instanceof OutboundError) return error.message
    throw error
  }
}
