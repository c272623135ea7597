// Records the calls of an API while it passes them on: npm run capture -- --target URL --key-file FILE [options].
// docs/capture-docker-kubernetes.md and docs/capture-clearml.md tell how it is used.
import { capture } from "./capture/command"

const ended = new Promise<void>(resolve => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve())
})

// What was recorded is sent by now, or kept on disk.
process.exit(
  await capture(process.argv.slice(2), {
    variables: process.env,
    out: line => process.stdout.write(`${line}\n`),
    err: line => process.stderr.write(`${line}\n`),
    ended,
  }),
)
