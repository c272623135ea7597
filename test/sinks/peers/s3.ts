import { isObject } from "@/lib/audit/json/value"
import type { Received, SinkPeer } from "@/test/sinks/peer"
import { bucket, startStore } from "@/test/sinks/s3"

const keys = {
  accessKeyId: "AKIDEXAMPLE0000000",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
}

export async function startPeer(): Promise<SinkPeer> {
  const store = await startStore(keys)
  const { port, faults, heal, reached, close } = store
  const settings = {
    url: `http://127.0.0.1:${port}`,
    region: "eu-central-1",
    bucket,
    prefix: "audit/copies",
    pathStyle: true,
  }
  return {
    settings,
    credentials: keys,
    elsewhere: { ...settings, url: `http://127.0.0.1:${port + 1}` },
    allow: [`127.0.0.1:${port}`],
    directory: null,
    repetitions: "once",
    faults,
    heal,
    reached,
    async received() {
      const objects = await Promise.all(store.paths.map(path => store.lines(path)))
      return objects.flat().map((line): Received => {
        const entry: unknown = JSON.parse(line)
        if (!isObject(entry)) throw new Error("A line that is no object.")
        return { entry, documentId: null }
      })
    },
    close,
  }
}
