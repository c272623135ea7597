import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import type { Disk, Platform } from "./connection"
import { environment } from "./environment"
import type { Log } from "./log"
import { nodeTransport } from "./node-transport"
import type { ConnectionOptions } from "./options"
import type { PolicyFile } from "./policy-client"
import { diskSpool, refuseForeign } from "./spool"
import type { Server } from "./transport"

const atExit: (() => void)[] = []

export const nodePlatform: Platform = {
  transport: nodeTransport,
  disk: diskOf,
  host: os.hostname(),
  onExit: call => {
    if (atExit.push(call) > 1) return
    process.on("exit", () => {
      for (const each of atExit) each()
    })
  },
}

/** Directories that are in use in this process: events for one key must not be sent with another. */
const inUse = new Map<string, string>()

function diskOf(server: Server, options: ConnectionOptions, log: Log): Disk {
  const directory = directoryOf(server, options)
  return { spool: diskSpool({ directory, log }), policyFile: policyFile(path.join(directory, "policy.json")) }
}

function directoryOf(server: Server, { spool }: ConnectionOptions): string {
  const name = createHash("sha256").update(`${server.url.href}\n${server.key}`).digest("hex").slice(0, 16)
  const chosen = spool || environment("AUDITORIUM_SPOOL")
  if (!chosen) return path.join(os.tmpdir(), `auditorium-${process.getuid?.() ?? "user"}-${name}`)
  const directory = path.resolve(chosen)
  const user = inUse.get(directory) ?? name
  inUse.set(directory, user)
  return user === name ? directory : path.join(directory, name)
}

function policyFile(file: string): PolicyFile {
  return {
    async read() {
      try {
        refuseForeign(path.dirname(file), await fs.promises.lstat(path.dirname(file)))
        return await fs.promises.readFile(file, "utf8")
      } catch {
        return null
      }
    },
    async write(text) {
      const draft = `${file}.${process.pid}`
      try {
        await fs.promises.mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
        refuseForeign(path.dirname(file), await fs.promises.lstat(path.dirname(file)))
        await fs.promises.writeFile(draft, text, { mode: 0o600 })
        await fs.promises.rename(draft, file)
      } catch {
        // Without a disk the policy is asked for again at the next start.
      }
    },
  }
}
