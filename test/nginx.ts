import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { readFileSync, writeFileSync } from "node:fs"
import * as net from "node:net"
import path from "node:path"

/** Returns whether nginx is installed. Says so when it is not, for tests that are then left out. */
export function hasNginx(): boolean {
  const isThere = spawnSync("nginx", ["-v"]).status === 0
  if (!isThere) process.stderr.write("Skipped: the examples for proxies are not tried, for want of nginx.\n")
  return isThere
}

/** Returns a port on the loopback ip that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Returns the first fenced block of that language on a page. */
export function exampleOn(page: string, language: string): string {
  const text = readFileSync(path.resolve(page), "utf8")
  const block = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(text)?.[1]
  if (block === undefined) throw new Error(`There is no example for ${language} on ${page}.`)
  return block
}

/** Writes a certificate that the machine does not trust, and its key, into the folder. */
export function writeSelfSigned(folder: string): void {
  const files = ["-keyout", path.join(folder, "key.pem"), "-out", path.join(folder, "certificate.pem")]
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...names, ...files]
  execFileSync("openssl", made, { stdio: "ignore" })
}

export interface Nginx {
  /** Throws with what nginx has logged when it has ended. */
  refuseEnded(): void
  close(): Promise<void>
}

/**
 * Starts nginx with the blocks of a page, whose certificate is that of the folder: its directives for certificates are left
 * out. Replace addresses and ports before.
 */
export function startNginx(folder: string, blocks: string): Nginx {
  const at = (name: string) => path.join(folder, name)
  const mine = blocks.replaceAll(/ssl_certificate(?:_key)? +\S+;/g, "")
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map(name => `${name}_temp_path ${at(name)};`)
    .join("\n")
  writeFileSync(
    at("nginx.conf"),
    `daemon off; worker_processes 1; pid ${at("pid")}; error_log ${at("error.log")};
    ${process.getuid?.() === 0 ? "user root;" : ""}
    events {}
    http {
      access_log off; ${temporary}
      ssl_certificate ${at("certificate.pem")}; ssl_certificate_key ${at("key.pem")};
      ${mine}
    }`,
  )
  const child: ChildProcess = spawn("nginx", ["-c", at("nginx.conf"), "-p", folder], { stdio: "ignore" })
  const ended = once(child, "exit")
  return {
    refuseEnded() {
      if (child.exitCode !== null) throw new Error(readFileSync(at("error.log"), "utf8"))
    },
    async close() {
      child.kill("SIGTERM")
      await ended
    },
  }
}
