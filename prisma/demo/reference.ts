import { readFileSync } from "node:fs"
import path from "node:path"
import { isObject } from "@/lib/audit/json/value"
import { parseForeignJson } from "@/lib/formats/foreign-json"
import { RecordIds } from "@/lib/formats/format"
import { formatFor } from "@/lib/formats/formats"
import type { SeedEvent } from "./events"

/** The documented examples of two of the supported systems, and the app that each goes to. */
const examples = [
  { file: "clarifai-search-response.json", app: "model-hub" },
  { file: "clearml-api-call.json", app: "fleet-console" },
] as const

/** Returns the examples as events, read as the ingest command reads them. */
export function referenceEvents(appIds: ReadonlyMap<string, string>): SeedEvent[] {
  return examples.flatMap(({ file, app }) => {
    const text = readFileSync(path.join(import.meta.dirname, "fixtures", file), "utf8")
    const format = formatFor("auto", text)
    const ids = new RecordIds(appIds.get(app) ?? "", format.name)
    return [...format.read(text, { ids })].map(({ event }) => {
      const input = event === null ? undefined : parseForeignJson(event)
      if (!isObject(input)) throw new Error(`${file} holds something that is no event.`)
      return { app, input }
    })
  })
}
