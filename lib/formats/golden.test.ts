import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import { type Format, RecordIds } from "./format"
import { formats } from "./formats"

// What every format made of its fixtures when it was written down: an id or a text that changes would make a conflict of every
// record that was imported before. Only a wanted change renews these files, with `npx vitest run lib/formats/golden.test.ts -u`.

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
const folder = `${import.meta.dirname}/fixtures`
const names = readdirSync(folder).filter(name => /\.jsonl?$/.test(name))

function formatOf(name: string): Format {
  const format = formats.find(each => name.startsWith(each.name))
  if (!format) throw new Error(`No format has the name that ${name} begins with.`)
  return format
}

/** One line for each record: its place, the digest of the event's whole text, and that text without the original bytes. */
function* toldOf(name: string): Iterable<string> {
  const text = readFileSync(`${folder}/${name}`, "utf8")
  const format = formatOf(name)
  const ids = new RecordIds(appId, format.name)
  const texts = name.endsWith("l") ? text.trimEnd().split("\n") : [text]
  for (const [index, each] of texts.entries()) {
    try {
      for (const { position, ...told } of format.read(each, { ids })) {
        const place = `${index + 1}, ${position}`
        if (told.event === null) yield `${place}: ${told.fault}`
        else {
          const digest = createHash("sha256").update(told.event).digest("hex")
          yield `${place}: ${digest} ${told.event.replace(/"raw":"[^"]*"/, '"raw":"..."')}`
        }
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      yield `${index + 1}: ${error.message}`
    }
  }
}

describe("ids and texts of events stay as they were, byte for byte:", () => {
  test.each(names)("%s", async name => {
    const golden = `${folder}/golden/${name}.txt`
    expect(existsSync(golden), "is written with -u").toBe(true)
    await expect(`${[...toldOf(name)].join("\n")}\n`).toMatchFileSnapshot(golden)
  })
})
