import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { type CapturePolicy, presets } from "@/lib/audit/capture/policy"
import { parseEvent } from "@/lib/audit/event/parse"
import type { JsonValue } from "@/lib/audit/json/value"
import { capture } from "@/scripts/capture/command"
import { type StandIn, startStandIn } from "@/sdk/test/server"

/** Everything of every call, so that only the floor stands between a secret and the log. */
export const everything: CapturePolicy = {
  ...presets.ours,
  rules: [],
  default: { call: true, data: true, resultData: true },
  categories: { auth: true, headers: true, version: true, stats: true, result: true, data: true },
  headerNames: ["*"],
  idsOnly: false,
}

/** The capture command, run against a stand-in for the server. */
export interface Running {
  readonly port: number
  readonly server: StandIn
  readonly folder: string
  /** Ends the command, and resolves with the events in the order in which the calls began. */
  stop(): Promise<readonly Event[]>
  /** Returns everything that left the proxy or is on its disk, as one text. */
  leavings(): string
  remove(): Promise<void>
}

export interface Event {
  readonly id: string
  readonly operation: string
  readonly status: string
  readonly statusCode?: string
  readonly actor: Readonly<Record<string, JsonValue>>
  readonly targets?: readonly { readonly type: string; readonly id: string; readonly name?: string }[]
  readonly http: { readonly method: string; readonly path: string; readonly status?: number }
  readonly metadata: { readonly call: Readonly<Record<string, JsonValue>> }
}

let count = 0

/** Starts `npm run capture` in this process, with these arguments besides the server and the key. */
export async function runCapture(policy: CapturePolicy, args: readonly string[]): Promise<Running> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-capture-"))
  const spool = path.join(folder, "spool")
  const server = await startStandIn()
  server.policy = { version: 7, app: "cluster", policy }
  const key = path.join(folder, "key")
  // Each has a key of its own: a process has one connection for each key.
  fs.writeFileSync(key, `aud_live_test${count++}\n`, { mode: 0o600 })
  const said: string[] = []
  let end = () => {}
  const ended = new Promise<void>(resolve => {
    end = resolve
  })
  let listening = (_: number) => {}
  const isListening = new Promise<number>(resolve => {
    listening = resolve
  })
  const code = capture(
    ["--key-file", key, "--url", server.url, "--spool", spool, "--listen", "127.0.0.1:0", ...args],
    {
      variables: {},
      out: line => said.push(line),
      err: line => {
        said.push(line)
        const port = /^Listening at \w+:\/\/127\.0\.0\.1:(\d+)\./.exec(line)?.[1]
        if (port !== undefined) listening(Number(port))
      },
      ended,
    },
  )
  const port = await Promise.race([
    isListening,
    code.then(ended => {
      throw new Error(`The command ended with ${ended}: ${said.join("\n")}`)
    }),
  ])
  return {
    port,
    server,
    folder,
    async stop() {
      end()
      const exit = await code
      if (exit !== 0) throw new Error(`The command ended with ${exit}: ${said.join("\n")}`)
      return (server.events as unknown as readonly Event[]).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },
    leavings() {
      const files = fs.existsSync(spool)
        ? fs.readdirSync(spool, { recursive: true, withFileTypes: true })
        : []
      const kept = files
        .filter(file => file.isFile())
        .map(file => fs.readFileSync(path.join(file.parentPath, file.name), "utf8"))
      return [...server.received.map(({ path, body }) => `${path} ${body}`), ...kept, ...said].join("\n")
    },
    async remove() {
      end()
      await code
      await server.stop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Throws unless the API takes the event as it is. */
export function refuseUnlessAccepted(event: Event): void {
  const parsed = parseEvent(event as unknown as JsonValue, {
    organizationId: "o",
    appId: "a",
    newId: () => "i",
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
}
