import { lookup } from "node:dns/promises"
import { canonicalAddress } from "@/lib/audit/ip"
import { onePerProcess } from "@/lib/memory/one-per-process"

/** Returns every ip of a name, as the network of this machine knows it. */
export type Lookup = (name: string) => Promise<readonly string[]>

const oneByOne = onePerProcess("outbound.lookup", () =>
  fewAtOnce(async name => {
    const found = await lookup(name, { all: true, verbatim: true })
    return found.map(({ address }) => address)
  }),
)

/** The lookup of the operating system, with the names of containers and of `/etc/hosts`. */
export const systemLookup: Lookup = name => oneByOne()(name)

/** The operating system looks names up on four threads, which the files and the passwords of the process need as well. */
const mostAtOnce = 3
const mostUnproven = 2
const mostProven = 1_000

interface Waiting {
  readonly name: string
  readonly begin: () => void
}

/**
 * Returns a lookup with few names at once, so that name servers that never answer do not get every thread. A name that has had an answer
 * does not wait behind names that have not: those of a receiver that works are found while others hang.
 */
export function fewAtOnce(lookUp: Lookup): Lookup {
  const running = new Set<Waiting>()
  const proven = new Set<string>()
  let waiting: readonly Waiting[] = []
  const unproven = () => [...running].filter(({ name }) => !proven.has(name)).length

  function serve(): void {
    for (const each of waiting) {
      const hasRoom = running.size < mostAtOnce && (proven.has(each.name) || unproven() < mostUnproven)
      if (!hasRoom) continue
      waiting = waiting.filter(other => other !== each)
      running.add(each)
      each.begin()
    }
  }

  function end(each: Waiting, hasAnswer: boolean): void {
    running.delete(each)
    proven.delete(each.name)
    if (hasAnswer) proven.add(each.name)
    for (const oldest of proven) {
      if (proven.size <= mostProven) break
      proven.delete(oldest)
    }
    serve()
  }

  return async name => {
    const each = await new Promise<Waiting>(resolve => {
      const asked: Waiting = { name, begin: () => resolve(asked) }
      waiting = [...waiting, asked]
      serve()
    })
    let hasAnswer = false
    try {
      const found = await lookUp(name)
      hasAnswer = true
      return found
    } finally {
      end(each, hasAnswer)
    }
  }
}

const most = 8

/**
 * Returns a lookup with at most eight canonical ips. While a name is looked up, others who ask for it get the same answer: the
 * operating system has few threads for it, and a name server that never answers must not get all of them by one name.
 */
export function sharedLookup(lookUp: Lookup): Lookup {
  const running = new Map<string, Promise<readonly string[]>>()
  return name => {
    const begun = running.get(name)
    if (begun !== undefined) return begun
    const found = lookUp(name)
      .then(ips => ips.flatMap(ip => canonicalAddress(ip) ?? []).slice(0, most))
      .finally(() => running.delete(name))
    running.set(name, found)
    return found
  }
}
