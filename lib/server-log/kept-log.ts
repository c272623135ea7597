import path from "node:path"
import { onePerProcess } from "@/lib/memory/one-per-process"
import { type LogFile, logFile } from "./log-file"

/** The processes that keep their log, which are also the names of its files. */
export const logNames = ["server", "worker"] as const
export type LogName = (typeof logNames)[number]

const kept = onePerProcess<{ file: LogFile | null }>("kept-log", () => ({ file: null }))

/** Returns the folder of the kept logs. */
export function logDirectory(dataDirectory: string): string {
  return path.join(dataDirectory, "logs")
}

/**
 * From now on every line of this process's log is written to a file as well, besides where it went before. `onTrouble` is
 * called when that does not work; the process goes on without.
 */
export function keepLog(dataDirectory: string, name: LogName, onTrouble: (error: unknown) => void): void {
  const file = logFile({ directory: logDirectory(dataDirectory), name, onTrouble })
  kept().file = file
  // A process that ends because of an error has just written its most important line.
  process.once("exit", file.finish)
}

/** Writes the line to the file, when this process keeps its log. */
export function keepLine(line: string): void {
  kept().file?.write(line)
}
