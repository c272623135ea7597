import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { gunzipSync } from "node:zlib"
import type { StartPeer } from "@/test/sinks/peer"

const alwaysFull = "/dev/full"

/** A folder of this machine, and who reads the files in it. */
export const startPeer: StartPeer = async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "auditorium-file-peer-"))
  const directory = path.join(folder, "organization", "sink")
  // The newest file of the folder, which a sink goes on with.
  const full = path.join(directory, "9999-12-31.0001.jsonl")
  return {
    settings: {},
    credentials: {},
    elsewhere: null,
    allow: [],
    directory,
    repetitions: "again",
    faults: {
      down: "a folder is made where there is none",
      busy: existsSync(alwaysFull)
        ? async () => {
            await mkdir(directory, { recursive: true })
            await symlink(alwaysFull, full)
          }
        : `this system has no ${alwaysFull} to stand for a full disk`,
      breaks: "a file does not end a connection",
      silent: "a file does not answer",
      garbage: "a file does not answer",
      endless: "a file does not answer",
    },
    heal: () => rm(full, { force: true }),
    reached: async () => {},
    async received() {
      const names = existsSync(directory) ? (await readdir(directory)).sort() : []
      const texts = await Promise.all(names.map(name => textOf(path.join(directory, name))))
      const lines = texts.flatMap(text => text.split("\n").slice(0, -1))
      return lines.map(line => ({ entry: JSON.parse(line), documentId: null }))
    },
    close: () => rm(folder, { recursive: true }),
  }
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file)
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()
}
