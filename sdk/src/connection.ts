import { parsePolicyInForce } from "@/lib/audit/capture/parse-policy"
import { presets } from "@/lib/audit/capture/policy"
import { profileNamed } from "@/lib/audit/capture/profiles/registry"
import { newId } from "@/lib/audit/ids"
import { Counts } from "./counts"
import { environment } from "./environment"
import { type Log, oncePerMinute, warn } from "./log"
import type { ConnectionOptions } from "./options"
import { PolicyClient, type PolicyFile } from "./policy-client"
import { Recorder } from "./recorder"
import { Sender } from "./sender"
import type { Spool } from "./spool"
import type { Server, Transport } from "./transport"
import { sdkVersion } from "./version"

/** What the place where the application runs can do. */
export interface Platform {
  readonly transport: (server: Server) => Transport
  /** Null where there is no file system. */
  readonly disk: ((server: Server, options: ConnectionOptions, log: Log) => Disk) | null
  readonly host: string | null
  /** Calls back when the process ends and nothing can be waited for. */
  readonly onExit: (call: () => void) => void
}

export interface Disk {
  readonly spool: Spool
  readonly policyFile: PolicyFile
}

/** One sender, one policy and one set of counts for a server and a key, whatever number of middlewares a process has. */
export class Connection {
  readonly log: Log
  readonly #sender: Sender
  readonly #policy: PolicyClient
  readonly #counts: Counts
  readonly #recorders = new Map<string, Recorder>()

  constructor(server: Server, options: ConnectionOptions, platform: Platform, kind: string, profile: string) {
    this.log = oncePerMinute(options.log ?? warn)
    const transport = platform.transport(server)
    const disk = options.spool === false ? null : (platform.disk?.(server, options, this.log) ?? null)
    const instance = newId(Date.now())
    const { log } = this
    const spool = disk?.spool ?? null
    this.#sender = new Sender({ transport, spool, log, instance, newId: () => newId(Date.now()) })
    this.#policy = new PolicyClient({
      transport,
      parse: parsePolicyInForce,
      fallback: presets.ours,
      file: disk?.policyFile ?? null,
      log,
    })
    this.#counts = new Counts({
      transport,
      log,
      instance,
      kind,
      version: sdkVersion,
      profile,
      host: platform.host,
      facts: () => ({ policyVersion: this.#policy.current.version, dropped: this.#sender.losses.total }),
    })
    platform.onExit(() => this.#sender.keepAll())
    void this.#policy.start().then(() => this.#counts.start())
    void this.#sender.start()
  }

  recorder(profileName: string): Recorder {
    const found = this.#recorders.get(profileName)
    if (found !== undefined) return found
    const profile = profileNamed(profileName) ?? profileNamed("generic")
    if (profile === null) throw new Error(`There is no profile ${profileName}.`)
    const { log } = this
    const made = new Recorder({
      sender: this.#sender,
      policy: this.#policy,
      counts: this.#counts,
      profile,
      log,
    })
    this.#recorders.set(profileName, made)
    return made
  }

  /** Resolves when the policy has been asked for once, whatever the answer was, or after this time. */
  ready(limitMs: number): Promise<void> {
    return within(limitMs, this.#policy.start())
  }

  /** Sends what can be sent in this time, and keeps the rest on disk. The connection goes on working. */
  async close(limitMs: number): Promise<void> {
    // Calls that ended before the policy came wait for it.
    await this.ready(limitMs)
    this.#policy.stop()
    this.#counts.stop()
    await Promise.all([this.#sender.close(limitMs), within(limitMs, this.#counts.report())])
  }
}

/** Bundlers may put this module into a process several times; all of them share the connections. */
const registry = Symbol.for("auditorium.sdk.connections.1")

function connections(): Map<string, Connection> {
  const shared = globalThis as { [registry]?: Map<string, Connection> }
  shared[registry] ??= new Map()
  return shared[registry]
}

/**
 * Returns the connection to the server of the options or of the environment, the same for the same address and key. Null when they
 * do not name one: then nothing is recorded, and the log says so.
 */
export function connect(
  options: ConnectionOptions,
  platform: Platform,
  kind: string,
  profile = "generic",
): Connection | null {
  const log = options.log ?? warn
  const key = options.key ?? environment("AUDITORIUM_KEY")
  const address = options.url ?? environment("AUDITORIUM_URL")
  if (!key || !address) {
    log("Nothing is recorded: AUDITORIUM_URL and AUDITORIUM_KEY are not set.")
    return null
  }
  const url = urlOf(address)
  if (url === null) {
    log(
      `Nothing is recorded: ${address.slice(0, 200)} is not an address that begins with http:// or https://.`,
    )
    return null
  }
  const name = `${url.href}\n${key}`
  const found = connections().get(name)
  if (found !== undefined) return found
  const made = new Connection({ url, key }, options, platform, kind, profile)
  connections().set(name, made)
  return made
}

/** Returns the connection that was opened first, or the one of the environment. */
export function standardConnection(platform: Platform): Connection | null {
  const [first] = connections().values()
  return first ?? connect({}, platform, "record")
}

export async function closeAll(limitMs = 5_000): Promise<void> {
  await Promise.all([...connections().values()].map(connection => connection.close(limitMs)))
}

function urlOf(text: string): URL | null {
  try {
    const url = new URL(text)
    return url.protocol === "http:" || url.protocol === "https:" ? url : null
  } catch {
    return null
  }
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<void>(resolve => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([work, limit])
  clearTimeout(timer)
}
