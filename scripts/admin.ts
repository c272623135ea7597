// Administration from the command line: npm run admin -- <command> [options]. Ends with 0 when it was done, 1 when it was
// refused or failed, 2 when what was typed makes no command.
import { EnvError } from "@/lib/env"
import { AppError } from "@/lib/errors"
import { readOptions, UsageError } from "./admin/arguments"
import { type Prepared, prepareEnvironment, SetupError } from "./admin/environment"
import type { Answer } from "./admin/output"
import { usage } from "./admin/usage"

async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes("--json")
  const typed = args.filter(arg => arg !== "--json")
  const { commands } = await import("./admin/commands")
  if (typed.length === 0 || typed.includes("--help") || typed[0] === "help") {
    process.stdout.write(`${usage(commands)}\n`)
    return typed.length === 0 ? 2 : 0
  }
  try {
    const command = commands.find(({ words }) => words.every((word, position) => typed[position] === word))
    if (!command)
      throw new UsageError(`There is no command "${typed.filter(arg => !arg.startsWith("-")).join(" ")}".`)
    const given = readOptions(typed.slice(command.words.length), command.options)
    const { value, text } = await withPlatform(() => command.run(given))
    process.stdout.write(`${isJson ? JSON.stringify(value, null, 2) : text}\n`)
    return 0
  } catch (error) {
    return explain(error, isJson)
  }
}

async function withPlatform(run: () => Promise<Answer>): Promise<Answer> {
  const prepared: Prepared = await prepareEnvironment(process.env)
  Object.assign(process.env, prepared.variables)
  try {
    const { platform } = await import("@/lib/platform")
    const { database } = platform()
    try {
      return await run()
    } finally {
      await database.close()
    }
  } finally {
    await prepared.finish()
  }
}

function explain(error: unknown, isJson: boolean): number {
  const code = error instanceof UsageError ? "usage" : error instanceof AppError ? error.code : "failed"
  const message = error instanceof Error ? error.message : String(error)
  const faults = error instanceof AppError ? error.faults : []
  const isExpected =
    error instanceof UsageError ||
    error instanceof AppError ||
    error instanceof EnvError ||
    error instanceof SetupError
  if (isJson) {
    process.stderr.write(`${JSON.stringify({ error: { code, message, faults } })}\n`)
  } else {
    const told = isExpected || !(error instanceof Error) ? message : (error.stack ?? message)
    process.stderr.write(`${told}\n`)
    for (const fault of faults) process.stderr.write(`  ${optionOf(fault.pointer)}: ${fault.message}\n`)
    if (code === "usage") process.stderr.write("npm run admin -- --help lists the commands.\n")
  }
  return code === "usage" ? 2 : 1
}

/** The option behind a place in the input: `/scopes/0` is `--scope`. */
function optionOf(pointer: string): string {
  const [, name = ""] = pointer.split("/")
  const options: Readonly<Record<string, string>> = { scopes: "scope", roles: "role", expiresAt: "expires" }
  return `--${options[name] ?? name}`
}

process.exitCode = await main(process.argv.slice(2))
