import { type Connection, connect } from "@/sdk/src/connection"
import { nodePlatform } from "@/sdk/src/node-platform"
import { type CapturingProxy, createProxy } from "@/sdk/src/proxy/proxy"
import { type Options, readOptions, UsageError, usage } from "./options"

export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly out: (line: string) => void
  readonly err: (line: string) => void
  /** Resolves when the command is asked to end. */
  readonly ended: Promise<void>
}

/**
 * How long the policy is waited for before the first call is taken; how long calls on their way are waited for at the end, and how
 * long their events are sent then.
 */
const patienceMs = { policy: 5_000, calls: 10_000, events: 5_000 }

/** Runs until it is asked to end. Resolves with the exit code: 0 ended as asked, 1 it cannot listen, 2 invalid arguments. */
export async function capture(args: readonly string[], terminal: Terminal): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    terminal.out(usage)
    return 0
  }
  try {
    return await serve(readOptions(args, terminal.variables), terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.err(error.message)
    terminal.err("npm run capture -- --help tells how it is used.")
    return 2
  }
}

async function serve(options: Options, { err, ended }: Terminal): Promise<number> {
  for (const warning of options.warnings) err(warning)
  const connection = connect(
    { url: options.url.href, key: options.key, spool: options.spool, log: err },
    nodePlatform,
    "proxy",
    options.profile,
  )
  if (connection === null) throw new UsageError("The Auditorium server cannot be used.")
  const proxy = proxyOf(options, connection)
  // While the server is away, the last policy from the disk holds, or else metadata are recorded.
  await connection.ready(patienceMs.policy)
  let port: number
  try {
    port = await proxy.listen(options.listen)
  } catch (error) {
    err(`It cannot listen at ${placeOf(options, options.listen.port)}: ${messageOf(error)}`)
    await connection.close(0)
    return 1
  }
  err(
    `Listening at ${placeOf(options, port)}. Calls go to ${options.target.href} and are recorded, as ${options.profile}, at ${options.url.origin}.`,
  )
  await ended
  err("Ending: calls on their way are waited for.")
  await proxy.close(patienceMs.calls)
  await connection.close(patienceMs.events)
  return 0
}

function proxyOf(options: Options, connection: Connection): CapturingProxy {
  const recorder = connection.recorder(options.profile)
  const { target, upstream, tls, strict, trustedProxies, rewriteHost } = options
  const { connectTimeoutMs, responseTimeoutMs } = options
  try {
    return createProxy({
      target: { url: target, ...upstream },
      recorder,
      app: () => recorder.app,
      ...(tls !== null && { tls }),
      ...{ strict, trustedProxies, rewriteHost, connectTimeoutMs, responseTimeoutMs },
    })
  } catch (error) {
    // A certificate and a key that are none, or do not belong together.
    throw new UsageError(`TLS cannot be served: ${messageOf(error)}`)
  }
}

function placeOf({ listen, tls }: Options, port: number): string {
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host
  return `${tls === null ? "http" : "https"}://${host}:${port}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
