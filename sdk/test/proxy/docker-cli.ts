import { execFileSync, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

/** Debian's docker command, or why it cannot be had. */
export type DockerCli = { readonly command: string } | { readonly missing: string }

/**
 * Returns Debian's docker command. Its package is unpacked, not installed: nothing of it is started, and the machine stays as it
 * is. One copy is kept for later runs.
 */
export function debianDocker(): DockerCli {
  const kept = path.join(os.tmpdir(), `auditorium-debian-docker-${process.getuid?.() ?? "user"}`)
  const command = path.join(kept, "usr/bin/docker")
  if (fs.existsSync(command)) return { command }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-docker-"))
  const run = (name: string, ...args: string[]) =>
    execFileSync(name, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] })
  try {
    run("apt-get", "download", "-q", "docker.io")
    const [file = ""] = fs.readdirSync(folder).filter(name => name.endsWith(".deb"))
    run("dpkg", "-x", file, "unpacked")
    fs.mkdirSync(path.join(folder, "kept/usr/bin"), { recursive: true })
    fs.renameSync(path.join(folder, "unpacked/usr/bin/docker"), path.join(folder, "kept/usr/bin/docker"))
    // Another run may have been faster.
    if (!fs.existsSync(kept)) fs.renameSync(path.join(folder, "kept"), kept)
    return { command }
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

export interface Ran {
  readonly code: number | null
  readonly printed: string
}

/** Runs docker against a daemon, without the settings and the daemon of this machine. */
export function runDocker(
  command: string,
  args: readonly string[],
  { port, folder, input = "" }: { readonly port: number; readonly folder: string; readonly input?: string },
): Promise<Ran> {
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: "test",
    HOME: folder,
    DOCKER_HOST: `tcp://127.0.0.1:${port}`,
    DOCKER_CONFIG: folder,
  }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: folder })
    let printed = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", chunk => {
        printed += chunk
      })
    }
    child.once("error", reject)
    child.once("close", code => resolve({ code, printed }))
    child.stdin.on("error", () => {})
    child.stdin.end(input)
  })
}
