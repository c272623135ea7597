import { spawn } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"

const root = path.resolve(import.meta.dirname, "..")

/** An application that records events, as a process. */
export interface Recording {
  kill(signal: NodeJS.Signals): void
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>
}

/** Starts the application. Ids of events are put into `acknowledged` as soon as the server has them. */
export function startRecording(
  { url, key, spool }: { readonly url: string; readonly key: string; readonly spool: string },
  acknowledged: Set<string>,
): Recording {
  const child = spawn(process.execPath, ["--import", "tsx", "e2e/recording-application.ts"], {
    cwd: root,
    env: { ...process.env, AUDITORIUM_URL: url, AUDITORIUM_KEY: key, AUDITORIUM_SPOOL: spool },
    stdio: ["ignore", "pipe", "ignore"],
  })
  let rest = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n")
    rest = lines.pop() ?? ""
    for (const id of lines) acknowledged.add(id)
  })
  return {
    kill: signal => void child.kill(signal),
    ended: new Promise(resolve => child.once("close", code => resolve(code))),
  }
}

/** Returns the ids of the events that the SDK keeps on disk, without a line that a killed process has not finished. */
export function spooledIds(spool: string): readonly string[] {
  if (!existsSync(spool)) return []
  return readdirSync(spool, { recursive: true, encoding: "utf8" })
    .filter(name => name.endsWith(".jsonl"))
    .flatMap(name => linesOf(path.join(spool, name)))
    .flatMap(line => /"id":"([0-9a-f-]{36})"/.exec(line)?.[1] ?? [])
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n").slice(0, -1)
  } catch {
    // It was sent and deleted while the folder was read.
    return []
  }
}
