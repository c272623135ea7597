// @ts-check
// Runs one command to its end, and keeps its output in case it fails.
import { spawn } from "node:child_process"

const keptCharacters = 200_000

/** Thrown for a command that failed; the message contains its output. */
export class CommandError extends Error {
  /**
   * @param {string} command
   * @param {string} ending
   * @param {string} output
   */
  constructor(command, ending, output) {
    super(`${command} ${ending}${output.trim() ? `:\n${output.trim()}` : ""}`)
    this.name = "CommandError"
    this.output = output
  }
}

/**
 * Runs a command. Resolves with its standard output when it exits with 0, else throws CommandError. A signal to this
 * process is passed on, so that no unfinished command is left running.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, show?: boolean }} [options] show: print while it runs
 * @returns {Promise<string>}
 */
export function run(file, args, { env = process.env, cwd, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env,
      cwd,
      stdio: ["ignore", show ? "inherit" : "pipe", show ? "inherit" : "pipe"],
    })
    const printed = { output: "", all: "" }
    child.stdout?.setEncoding("utf8").on("data", text => {
      printed.output += text
      printed.all = (printed.all + text).slice(-keptCharacters)
    })
    child.stderr?.setEncoding("utf8").on("data", text => {
      printed.all = (printed.all + text).slice(-keptCharacters)
    })
    const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal)
    for (const signal of forwarded) process.on(signal, pass)
    const ended = () => {
      for (const signal of forwarded) process.off(signal, pass)
    }
    const name = [file.split("/").at(-1), ...args].join(" ")
    child.once("error", error => {
      ended()
      reject(new CommandError(name, `could not be started (${error.message})`, ""))
    })
    child.once("close", (code, signal) => {
      ended()
      if (code === 0) resolve(printed.output)
      else
        reject(
          new CommandError(name, signal ? `was stopped by ${signal}` : `ended with ${code}`, printed.all),
        )
    })
  })
}

/** @type {readonly NodeJS.Signals[]} */
const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"]
