// @ts-check
// Builds the container image without a daemon and runs it: Debian's buildah, in a chroot, on a base made by debootstrap.
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { run } from "./launcher/run.mjs"

const chroot = ["--isolation", "chroot"]
const user = "10001:10001"

/** Returns the path of buildah where it and debootstrap are installed, else null. */
export function findBuildah() {
  const isThere = ["/usr/bin/buildah", "/usr/sbin/debootstrap"].every(file => fs.existsSync(file))
  return isThere ? "/usr/bin/buildah" : null
}

/**
 * Builds the image and returns a function that runs it, as its user, with the secrets' folder inside.
 * @param {string} buildah
 * @param {string} root the project
 * @param {string} folder holds what is needed for building, and the secrets
 * @returns {Promise<(args: readonly string[], env: Readonly<Record<string, string>>) => import("node:child_process").ChildProcess>}
 */
export async function buildImage(buildah, root, folder) {
  const storage = [
    "--root",
    path.join(folder, "storage"),
    "--runroot",
    path.join(folder, "run"),
    "--storage-driver",
    "vfs",
  ]
  const call = (/** @type {readonly string[]} */ args, cwd = root) =>
    run(buildah, [...storage, ...args], { cwd })
  const base = await makeBase(folder)
  const container = (await call(["from", "scratch"])).trim()
  await call(["copy", "--quiet", container, base, "/"])
  await call(["commit", "--quiet", container, "base"])
  // The registry of this machine, and the certificates that it trusts.
  const certificates = process.env.NODE_EXTRA_CA_CERTS
  const trust = certificates ? ["--volume", `${certificates}:${certificates}:ro`] : []
  const env = ["NODE_EXTRA_CA_CERTS", "npm_config_registry", "HTTPS_PROXY", "HTTP_PROXY"].flatMap(name =>
    process.env[name] ? ["--env", `${name}=${process.env[name]}`] : [],
  )
  await call([
    "build",
    ...chroot,
    ...trust,
    ...env,
    "--build-arg",
    "NODE_IMAGE=localhost/base",
    "--tag",
    "auditorium",
    ".",
  ])
  const built = (await call(["from", "--pull-never", "auditorium"])).trim()
  const secrets = path.join(folder, "secrets")
  return (args, env_) => {
    const settings = Object.entries(env_).flatMap(([name, value]) => ["--env", `${name}=${value}`])
    const program =
      args[0] === "health" ? ["scripts/image/health.mjs"] : ["scripts/image/entrypoint.mjs", ...args]
    const command = ["run", ...chroot, "--user", user, "--volume", `${secrets}:${secrets}:ro`, ...settings]
    return spawn(buildah, [...storage, ...command, built, "--", "node", ...program], {
      stdio: ["ignore", "pipe", "pipe"],
    })
  }
}

/** A small Debian with this machine's Node.js and npm, where the base of the Dockerfile cannot be downloaded. */
async function makeBase(/** @type {string} */ folder) {
  const base = path.join(folder, "base")
  await run("/usr/sbin/debootstrap", [
    "--variant=minbase",
    "--include=ca-certificates,libstdc++6",
    "bookworm",
    base,
  ])
  fs.copyFileSync(process.execPath, path.join(base, "usr/bin/node"))
  const npm = fs.realpathSync((await run("which", ["npm"])).trim())
  const package_ = path.resolve(path.dirname(npm), "..")
  fs.cpSync(package_, path.join(base, "usr/lib/node_modules/npm"), { recursive: true, dereference: true })
  fs.symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", path.join(base, "usr/bin/npm"))
  return base
}
