// Sends files of events: npm run ingest -- FILE... --key KEY [options]. docs/ingest-command.md tells all of it.
import { ingest } from "./ingest/command"

// Progress is kept after each batch, so there is nothing to save.
process.on("SIGINT", () => {
  process.stderr.write("\nStopped. The same command goes on from here.\n")
  process.exit(130)
})

process.exitCode = await ingest(process.argv.slice(2), {
  variables: process.env,
  out: line => process.stdout.write(`${line}\n`),
  err: process.stderr,
})
