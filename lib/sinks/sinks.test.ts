import { readdirSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import type { StartPeer } from "@/test/sinks/peer"
import { sinkKinds } from "./kinds"
import { sinkContract } from "./sink.contract"

const folder = path.resolve(import.meta.dirname, "..", "..", "test", "sinks", "peers")

const peers = readdirSync(folder).map(file => path.basename(file, ".ts"))

for (const kind of sinkKinds.filter(({ name }) => peers.includes(name))) {
  const { startPeer }: { startPeer: StartPeer } = await import(path.join(folder, `${kind.name}.ts`))
  sinkContract(kind, startPeer)
}

it("every kind of sink has its receiver, and every receiver its kind", () => {
  expect(peers.sort()).toEqual(sinkKinds.map(({ name }) => name).sort())
})
