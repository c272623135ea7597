import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as net from "node:net"
import * as path from "node:path"

/** A message as rsyslog has parsed it. */
export interface SyslogRecord {
  readonly facility: string
  readonly severity: string
  readonly timestamp: string
  readonly hostname: string
  readonly appName: string
  readonly messageId: string
  readonly structuredData: string
  readonly message: string
}

export interface Rsyslog {
  readonly port: number
  /** Returns everything that it has written, in its order. */
  records(): readonly SyslogRecord[]
  close(): Promise<void>
}

interface RsyslogOptions {
  readonly folder: string
  readonly port: number
  /** Its default when absent. */
  readonly maxMessageSize?: string
  readonly tls?: { readonly ca: string; readonly certificate: string; readonly key: string }
}

/** Where Debian and others keep it. */
const program = ["/usr/sbin/rsyslogd", "/usr/bin/rsyslogd"].find(file => fs.existsSync(file))
const tlsDriver = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"].some(
  folder => fs.existsSync(path.join(folder, "rsyslog/lmnsd_ossl.so")),
)

/** Why rsyslog cannot be started here; null when it can. */
export const noRsyslog = program === undefined ? "rsyslog is not installed (apt-get install rsyslog)" : null
export const noRsyslogTls =
  noRsyslog ?? (tlsDriver ? null : "rsyslog has no TLS here (apt-get install rsyslog-openssl)")

/** Starts rsyslog so that every message can be read back with all its parts. */
export async function startRsyslog(options: RsyslogOptions): Promise<Rsyslog> {
  const { folder, port } = options
  const output = path.join(folder, "received.jsonl")
  const { close } = await runRsyslog(folder, port, configurationOf(options, output))
  return {
    port,
    records: () =>
      (fs.existsSync(output) ? fs.readFileSync(output, "utf8") : "")
        .split("\n")
        .filter(line => line !== "")
        .map(line => JSON.parse(line)),
    close,
  }
}

export interface RunningRsyslog {
  close(): Promise<void>
}

/** Runs rsyslog with a configuration, as a process of this user. Throws when it does not listen on the port. */
export async function runRsyslog(
  folder: string,
  port: number,
  configuration: string,
): Promise<RunningRsyslog> {
  if (program === undefined) throw new Error("rsyslog is not installed.")
  const file = path.join(folder, "rsyslog.conf")
  fs.writeFileSync(file, configuration)
  const child = spawn(program, ["-n", "-f", file, "-i", path.join(folder, "rsyslog.pid")], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  let printed = ""
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", chunk => {
      printed += chunk
    })
  await listening(child, port, () => printed)
  return {
    async close() {
      if (child.exitCode !== null) return
      child.kill("SIGKILL")
      await once(child, "exit")
    },
  }
}

function configurationOf({ folder, port, maxMessageSize, tls }: RsyslogOptions, output: string): string {
  const driver =
    tls === undefined
      ? []
      : [
          `DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="${tls.ca}"`,
          `DefaultNetstreamDriverCertFile="${tls.certificate}" DefaultNetstreamDriverKeyFile="${tls.key}"`,
        ]
  const size = maxMessageSize === undefined ? [] : [`maxMessageSize="${maxMessageSize}"`]
  const mode =
    tls === undefined ? "" : ' StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon"'
  const member = (name: string, property: string, more = "") =>
    `constant(value="\\"${name}\\":\\"") property(name="${property}" format="json"${more})`
  return [
    `global(workDirectory="${folder}" parser.escapeControlCharactersOnReceive="off" ${[...size, ...driver].join(" ")})`,
    // Without a queue everything is in the file before the connection is closed.
    'main_queue(queue.type="Direct")',
    `module(load="imtcp"${mode})`,
    `input(type="imtcp" port="${port}" address="127.0.0.1")`,
    'template(name="record" type="list") {',
    '  constant(value="{")',
    ...[
      member("facility", "syslogfacility-text"),
      member("severity", "syslogseverity-text"),
      member("timestamp", "timestamp", ' dateFormat="rfc3339"'),
      member("hostname", "hostname"),
      member("appName", "app-name"),
      member("messageId", "msgid"),
      member("structuredData", "structured-data"),
      member("message", "msg"),
    ].map((text, index, all) => `  ${text} constant(value="\\"${index === all.length - 1 ? "}\\n" : ","}")`),
    "}",
    `action(type="omfile" file="${output}" template="record")`,
    "",
  ].join("\n")
}

async function listening(child: ChildProcess, port: number, printed: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`rsyslog ended: ${printed()}`)
    const socket = net.connect({ port, host: "127.0.0.1" })
    const isOpen = await new Promise(resolve => {
      socket.once("connect", () => resolve(true))
      socket.once("error", () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
