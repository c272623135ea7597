// Searches a running Auditorium from the terminal: npm run auditorium -- search QUERY [options]. docs/search-command.md tells all of it.
import { auditorium } from "./auditorium/command"

const { stdout, stderr } = process
const closed = new AbortController()

// Ctrl-C is how following ends.
process.once("SIGINT", () => process.exit(130))
// The reader has read enough, as head does: there is nothing to say.
stdout.on("error", error => {
  if (!("code" in error) || error.code !== "EPIPE") throw error
  closed.abort()
})

process.exitCode = await auditorium(process.argv.slice(2), {
  variables: process.env,
  out: { width: stdout.isTTY ? stdout.columns : null, write: written },
  err: text => stderr.write(text),
  closed: closed.signal,
})

/** Resolves when the reader can take more, so that memory stays flat behind a slow one. */
function written(text: string): Promise<void> {
  return new Promise(resolve => stdout.write(text, () => resolve()))
}
