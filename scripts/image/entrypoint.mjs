// @ts-check
// What runs in a container: one image for the console, the worker and the commands.
//
//   web (the default)   the console and the API
//   worker              maintenance and mail
//   migrate, admin, ingest, auditorium, capture   as npm run ..., with the same options
//
// A variable that holds a secret may be given as a file: SECRET_FILE=/run/secrets/secret stands for SECRET.
import * as fs from "node:fs"
import * as path from "node:path"

const app = path.resolve(import.meta.dirname, "../..")
const secretVariables = ["DATABASE_URL", "DATABASE_OWNER_URL", "SECRET", "SMTP_URL", "OIDC_CLIENT_SECRET"]
const commands = ["worker", "migrate", "admin", "ingest", "auditorium", "capture"]

/**
 * Reads the contents of the files into the environment. Throws an Error that names the variable, never the content of the
 * file.
 * @param {NodeJS.ProcessEnv} env
 */
export function readSecretFiles(env) {
  for (const name of secretVariables) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    if (env[name]) throw new Error(`${name} and ${name}_FILE are both set: give one of them.`)
    try {
      env[name] = fs.readFileSync(file, "utf8").trim()
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "unknown"
      const advice =
        code === "EACCES" ? `; user ${process.getuid?.()} of the container must be able to read it` : ""
      throw new Error(`${name}_FILE: ${file} cannot be read (${code}${advice}).`)
    }
    if (env[name] === "") throw new Error(`${name}_FILE: ${file} is empty.`)
  }
}

async function main() {
  readSecretFiles(process.env)
  const [command = "web", ...args] = process.argv.slice(2)
  if (command === "web") {
    const built = JSON.parse(fs.readFileSync(path.join(app, ".next/required-server-files.json"), "utf8"))
    // Next.js reads its configuration from here instead of next.config.ts, which needs a compiler.
    process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(built.config)
    await import(path.join(app, "scripts/server.mjs"))
    return
  }
  if (!commands.includes(command)) {
    throw new Error(`There is no command "${command}"; one of: web, ${commands.join(", ")}.`)
  }
  process.argv = [process.execPath, command, ...args]
  await import(path.join(app, "dist", `${command}.mjs`))
}

if (process.argv[1] === import.meta.filename) {
  process.chdir(app)
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
