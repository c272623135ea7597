import { Writable } from "node:stream"
import type { SinkPeer, StartPeer } from "@/test/sinks/peer"

/** Who reads the standard output of this process. While it runs, the process has a standard output of its own. */
export const startPeer: StartPeer = async () => {
  const own = Object.getOwnPropertyDescriptor(process, "stdout")
  if (!own) throw new Error("A process has a standard output.")
  const reader = { text: "", isSilent: false, isBroken: false, waiting: () => {}, reached: () => {} }
  const place = (stream: Writable) =>
    Object.defineProperty(process, "stdout", { configurable: true, value: stream })
  place(streamTo(reader))
  const peer: SinkPeer = {
    settings: {},
    credentials: {},
    elsewhere: null,
    allow: [],
    directory: null,
    repetitions: "again",
    faults: {
      down: "the standard output of a process is always there",
      busy: "it takes lines or does not, and says nothing",
      breaks: () => {
        reader.isBroken = true
      },
      silent: () => {
        reader.isSilent = true
      },
      garbage: "it does not answer",
      endless: "it does not answer",
    },
    async heal() {
      reader.isSilent = false
      reader.waiting()
      reader.waiting = () => {}
      // A pipe that broke stays broken: the worker starts again with another one.
      if (reader.isBroken) place(streamTo(reader))
      reader.isBroken = false
    },
    reached: () =>
      new Promise(resolve => {
        reader.reached = resolve
      }),
    received: async () =>
      reader.text
        .split("\n")
        .slice(0, -1)
        .map(line => ({ entry: JSON.parse(line), documentId: null })),
    async close() {
      Object.defineProperty(process, "stdout", own)
    },
  }
  return peer
}

interface Reader {
  text: string
  isSilent: boolean
  isBroken: boolean
  /** Takes what it has left waiting. */
  waiting: () => void
  reached: () => void
}

function streamTo(reader: Reader): Writable {
  return new Writable({
    write(chunk, _, done) {
      if (reader.isBroken) return done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))
      const take = () => {
        reader.text += String(chunk)
        done()
      }
      if (reader.isSilent) reader.waiting = take
      else take()
      setImmediate(reader.reached)
    },
  })
}
