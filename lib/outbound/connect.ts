import net, { type LookupFunction, type Socket } from "node:net"
import tls from "node:tls"
import { canonicalAddress } from "@/lib/audit/ip"
import { tlsError, unreachableError } from "./errors"
import { canonicalHost, isIp, spelled } from "./host"
import type { Destination, Judge } from "./judge"
import type { Lookup } from "./lookup"
import { OutboundError, type OutboundTarget, type OutboundTls } from "./outbound"
import { type Limits, within } from "./within"

/** What decides about connections, and where names are looked up. */
export interface Guard {
  readonly judge: Judge
  readonly lookup: Lookup
}

/** Returns where the target leads. Throws OutboundError `invalid`. */
export function destinationOf({ host, port, tls: encryption }: OutboundTarget): Destination {
  const canonical = canonicalHost(host)
  if (canonical === null) throw new OutboundError("invalid", "The host is neither a name nor an ip.")
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new OutboundError("invalid", "A port is a whole number from 1 to 65535.")
  return { host: canonical, port, isEncrypted: encryption !== null }
}

/** Returns a connected socket, after the TLS handshake. Throws OutboundError. */
export async function connect(guard: Guard, target: OutboundTarget, limits: Limits): Promise<Socket> {
  const destination = destinationOf(target)
  const place = spelled(destination.host, destination.port)
  return within(place, limits, signal => open(guard, { destination, tls: target.tls, signal }))
}

interface Opening {
  readonly destination: Destination
  readonly tls: OutboundTls | null
  readonly signal: AbortSignal
}

async function open(guard: Guard, { destination, tls: encryption, signal }: Opening): Promise<Socket> {
  const { host, port } = destination
  const refusal = guard.judge.destination(destination)
  if (refusal !== null) throw new OutboundError("refused", refusal)
  const ips = await permittedIps(guard, destination)
  signal.throwIfAborted()
  const socket = await dial({ host, port, ips, signal })
  const connected = connectedRefusal(guard, destination, socket)
  if (connected !== null) {
    socket.destroy()
    throw new OutboundError("refused", connected)
  }
  return encryption === null ? socket : secure(socket, { destination, tls: encryption, signal })
}

/** Returns the ips to try: of all that a name has, those that may be connected. */
async function permittedIps({ judge, lookup }: Guard, destination: Destination): Promise<readonly string[]> {
  const { host, port } = destination
  if (isIp(host)) return [host]
  const place = spelled(host, port)
  let ips: readonly string[]
  try {
    ips = await lookup(host)
  } catch (error) {
    throw unreachableError(place, error)
  }
  if (ips.length === 0)
    throw new OutboundError("unreachable", `${place} cannot be reached: its name has no ip.`)
  const refusals = ips.map(ip => judge.ip(destination, ip))
  const permitted = ips.filter((_, at) => refusals[at] === null)
  const [first] = refusals
  if (permitted.length === 0) throw new OutboundError("refused", first ?? `${place} is refused.`)
  return permitted
}

// The last of three checks. It would also notice an ip that the operating system turns into another one, as Linux does with 0.0.0.0.
function connectedRefusal({ judge }: Guard, destination: Destination, socket: Socket): string | null {
  const ip = canonicalAddress(socket.remoteAddress ?? "")
  if (ip === null) return `${spelled(destination.host, destination.port)} closed the connection at once.`
  return judge.ip(destination, ip)
}

interface Dialling {
  readonly host: string
  readonly port: number
  readonly ips: readonly string[]
  readonly signal: AbortSignal
}

function dial({ host, port, ips, signal }: Dialling): Promise<Socket> {
  const socket = net.connect({
    host,
    port,
    lookup: answerWith(ips),
    autoSelectFamily: true,
    // Of several ips, how long one of them is waited for.
    autoSelectFamilyAttemptTimeout: 3_000,
    noDelay: true,
  })
  return ready(socket, "connect", signal).catch(error => {
    throw unreachableError(spelled(host, port), error)
  })
}

/** The name is not looked up again: what was checked is what is connected. */
function answerWith(ips: readonly string[]): LookupFunction {
  const answers = ips.map(address => ({ address, family: address.includes(":") ? 6 : 4 }))
  return (_, options, done) => {
    const [first] = answers
    if (options.all) done(null, answers)
    else done(null, first?.address ?? "", first?.family)
  }
}

async function secure(socket: Socket, { destination, tls: { ca }, signal }: Opening & { tls: OutboundTls }) {
  const { host, port } = destination
  const place = spelled(host, port)
  let secured: tls.TLSSocket
  try {
    secured = tls.connect({
      socket,
      host,
      ...(isIp(host) ? {} : { servername: host }),
      ...(ca === undefined ? {} : { ca }),
      minVersion: "TLSv1.2",
      // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise.
      rejectUnauthorized: true,
    })
  } catch (cause) {
    socket.destroy()
    throw new OutboundError("invalid", "The certificate of the authority cannot be read.", { cause })
  }
  return ready(secured, "secureConnect", signal).catch(error => {
    throw tlsError(place, error)
  })
}

/** Returns the socket after that event. When it fails or the signal ends it, the socket is destroyed. */
function ready<Kind extends Socket>(socket: Kind, event: "connect" | "secureConnect", signal: AbortSignal) {
  return new Promise<Kind>((resolve, reject) => {
    const settle = (end: () => void) => {
      socket.off("close", closed)
      signal.removeEventListener("abort", stop)
      end()
    }
    const fail = (error: unknown) =>
      settle(() => {
        socket.destroy()
        reject(error)
      })
    const closed = () => fail(Object.assign(new Error("closed"), { code: "ECONNRESET" }))
    const stop = () => fail(signal.reason)
    // Stays: an error that nobody listens to would end the process.
    socket.on("error", fail)
    socket.once("close", closed)
    socket.once(event, () => settle(() => resolve(socket)))
    signal.addEventListener("abort", stop, { once: true })
    if (signal.aborted) stop()
  })
}
