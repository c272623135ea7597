import { AppError } from "@/lib/errors"
import { readOptions, UsageError } from "./arguments"
import { type Command, commands } from "./commands"
import { usage } from "./usage"

/** The exit code and the output of a command. */
export interface Ended {
  readonly code: 0 | 1 | 2
  readonly output: string
  readonly errors: string
}

/**
 * Runs the command with these arguments. Never throws. `open` sets up the current platform and returns a function that
 * closes it; it is called only for valid arguments.
 */
export async function runCommand(
  args: readonly string[],
  open: () => Promise<() => Promise<void>>,
): Promise<Ended> {
  const isJson = args.includes("--json")
  const typed = args.filter(arg => arg !== "--json")
  if (typed.length === 0 || typed.includes("--help") || typed[0] === "help") {
    return { code: typed.length === 0 ? 2 : 0, output: `${usage(commands)}\n`, errors: "" }
  }
  try {
    const command = findCommand(typed)
    const given = readOptions(typed.slice(command.words.length), command.options)
    command.check?.(given)
    const leave = await open()
    try {
      const { value, text } = await command.run(given)
      return { code: 0, output: `${isJson ? JSON.stringify(value, null, 2) : text}\n`, errors: "" }
    } finally {
      await leave()
    }
  } catch (error) {
    return { code: error instanceof UsageError ? 2 : 1, output: "", errors: `${explain(error, isJson)}\n` }
  }
}

function findCommand(typed: readonly string[]): Command {
  const found = commands.find(({ words }) => words.every((word, position) => typed[position] === word))
  if (found) return found
  const words = typed.filter(arg => !arg.startsWith("-")).join(" ")
  throw new UsageError(`There is no command "${words}".`)
}

function explain(error: unknown, isJson: boolean): string {
  const message = error instanceof Error ? error.message : String(error)
  const faults = error instanceof AppError ? error.faults : []
  if (isJson) {
    const code = error instanceof UsageError ? "usage" : error instanceof AppError ? error.code : "failed"
    return JSON.stringify({ error: { code, message, faults } })
  }
  if (error instanceof UsageError) return `${message}\nnpm run admin -- --help lists the commands.`
  if (faults.length === 0) return message
  return faults.map(fault => `${optionOf(fault.pointer)}: ${fault.message}`).join("\n")
}

/** Returns the option for a pointer into the input: `/scopes/0` is `--scope`. */
function optionOf(pointer: string): string {
  const [, name = ""] = pointer.split("/")
  const options: Readonly<Record<string, string>> = {
    scopes: "scope",
    roles: "role",
    expiresAt: "expires",
    personId: "email",
  }
  return `--${options[name] ?? name}`
}
