import * as fs from "node:fs"
import * as path from "node:path"
import type { JsonObject } from "@/lib/audit/json/value"

const root = path.resolve(import.meta.dirname, "..", "..")

/** A page of docs/sinks, for the test that runs it as it is written. */
export interface SinkPage {
  /** Returns the blocks of a language, in their order. */
  blocks(language: string): readonly string[]
  /** The settings that the page shows, which is its first block of JSON. */
  readonly settings: JsonObject
  /** The names of the settings in its table. */
  readonly documented: readonly string[]
}

/** Returns the page of a kind. */
export function sinkPage(kind: string): SinkPage {
  const text = fs.readFileSync(path.join(root, "docs/sinks", `${kind}.md`), "utf8")
  const blocks = (language: string) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
      ([, block = ""]) => block,
    )
  const table = /^\| Setting \|[\s\S]*?\n\n/m.exec(text)?.[0] ?? ""
  const rows = table.split("\n").slice(2)
  return {
    blocks,
    settings: JSON.parse(blocks("json")[0] ?? "null"),
    documented: rows.flatMap(row =>
      [...(row.split("|")[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
    ),
  }
}
