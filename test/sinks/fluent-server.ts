import { FluentServer } from "@fluent-org/logger"
import type { JsonObject } from "@/lib/audit/json/value"

/** An entry as the server has read it. */
export interface FluentEntry {
  readonly tag: string
  /** EventTime or seconds, as the server's library returns it. */
  readonly time: unknown
  readonly record: JsonObject
}

export interface TestFluentServer {
  readonly port: number
  readonly entries: readonly FluentEntry[]
  close(): Promise<void>
}

interface FluentServerOptions {
  readonly port: number
  readonly sharedKey?: string
  /** Users with their passwords; the server asks for one when there are any. */
  readonly users?: Readonly<Record<string, string>>
  readonly tls?: { readonly key: string; readonly certificate: string }
}

/** Starts the server of the official Node library for Fluentd. */
export async function startFluentServer(options: FluentServerOptions): Promise<TestFluentServer> {
  const { port, sharedKey, users, tls } = options
  const server = new FluentServer({
    listenOptions: { port, host: "127.0.0.1" },
    ...(sharedKey !== undefined && {
      security: {
        serverHostname: "fluentd.example.com",
        sharedKey,
        authorize: users !== undefined,
        userDict: { ...users },
      },
    }),
    ...(tls !== undefined && { tlsOptions: { key: tls.key, cert: tls.certificate } }),
  })
  const entries: FluentEntry[] = []
  server.on("entry", (tag: string, time: unknown, record: JsonObject) => entries.push({ tag, time, record }))
  await server.listen()
  return {
    port,
    entries,
    close: async () => {
      await server.close()
    },
  }
}
