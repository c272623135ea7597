import { visibleText } from "@/components/audit-log/values/visible"
import { UsageError } from "@/scripts/connection-options"
import { ConnectionError, ProblemError, UnexpectedAnswerError } from "@/sdk/src/client/errors"
import { readSearch, usage } from "./options"
import { search } from "./search"
import type { Terminal } from "./terminal"

/** The exit codes of the command. */
export const exitCodes = { found: 0, nothingFound: 1, notUnderstood: 2, notReached: 3 } as const
type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Runs the command; returns its exit code. */
export async function auditorium(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [command, ...rest] = args
  if (command === undefined || args.includes("--help") || args.includes("-h")) {
    await terminal.out.write(`${usage}\n`)
    return command === undefined ? exitCodes.notUnderstood : exitCodes.found
  }
  try {
    if (command !== "search") throw new UsageError(`There is no command ${command}; there is search.`)
    const isFound = await search(readSearch(rest, terminal.variables), terminal)
    return isFound ? exitCodes.found : exitCodes.nothingFound
  } catch (error) {
    // The reader of the output has gone, and has what it wanted.
    if (terminal.closed.aborted) return exitCodes.found
    const code = exitCodeOf(error)
    if (code === null) throw error
    terminal.err(sentencesOf(error))
    return code
  }
}

function exitCodeOf(error: unknown): ExitCode | null {
  // TypeError: the client cannot send the query.
  if (error instanceof UsageError || error instanceof TypeError) return exitCodes.notUnderstood
  if (error instanceof ProblemError && [400, 413, 414, 422, 431].includes(error.status))
    return exitCodes.notUnderstood
  const isAnswered = error instanceof ProblemError || error instanceof UnexpectedAnswerError
  return isAnswered || error instanceof ConnectionError ? exitCodes.notReached : null
}

function sentencesOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const faults =
    error instanceof ProblemError ? error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`) : []
  const advice = error instanceof UsageError ? ["npm run auditorium -- --help tells how it is used."] : []
  return [message, ...faults, ...advice].map(line => `${visibleText(line)}\n`).join("")
}
