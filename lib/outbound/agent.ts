import type { Agent, ClientRequest } from "node:http"
import type { Outbound } from "./outbound"

interface Asked {
  readonly host?: string | null
  readonly hostname?: string | null
  readonly port?: number | string | null
}

/**
 * Returns an agent for `http.request` and `https.request` whose connections are those of the guard, one for each request.
 * `defaultPort` is the port of a URL that names none.
 */
export function guardedAgent(
  outbound: Outbound,
  { defaultPort, timeoutMs }: { defaultPort: number; timeoutMs: number },
) {
  const addRequest = (request: ClientRequest, { host, hostname, port }: Asked) => {
    const target = {
      host: (host ?? hostname ?? "").replace(/^\[(.*)\]$/, "$1"),
      port: Number(port ?? defaultPort),
      tls: request.protocol === "https:" ? {} : null,
    }
    request.shouldKeepAlive = false
    outbound.connect(target, { timeoutMs }).then(
      // A request that was given up meanwhile destroys it.
      socket => request.onSocket(socket),
      error => request.emit("error", error),
    )
  }
  // A function with the members of an agent: NextAuth copies the members of objects in its options, and an instance would lose its methods.
  const agent = Object.assign(() => undefined, { addRequest, defaultPort })
  // The cast: these are the members that a request uses of an agent.
  return agent as unknown as Agent
}
