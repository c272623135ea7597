import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { access, rename, rm } from "node:fs/promises"
import path from "node:path"
import { Transform } from "node:stream"
import { pipeline } from "node:stream/promises"
import { AppError } from "@/lib/errors"
import { createSupportDump } from "@/lib/operations/support-dump/support-dump"
import type { Given } from "./arguments"
import { type Answer, lines } from "./output"
import { call, chosen } from "./target"

/** Writes a support dump to the file of `--out`. A file of that name is not replaced; one that could not be completed is removed. */
export async function writeSupportDump(given: Given): Promise<Answer> {
  // npm runs commands in the folder of the project, and remembers where it was called.
  const file = path.resolve(process.env.INIT_CWD ?? ".", given.one("out"))
  await refuseExisting(file)
  const dump = await call(createSupportDump, await chosen(given), {})
  const part = `${file}.${process.pid}.part`
  const hash = createHash("sha256")
  let bytes = 0
  const measure = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  try {
    await pipeline(dump.open(), measure, createWriteStream(part, { flags: "wx", mode: 0o600 }))
    await rename(part, file)
  } catch (error) {
    throw unwritable(file, error)
  } finally {
    await rm(part, { force: true })
  }
  const { contents, files, leftOut } = dump
  const value = { file, bytes, sha256: hash.digest("hex"), contents, files, leftOut }
  return { value, text: inWords(value) }
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (exists) throw new AppError("conflict", `${file} exists already. Name another file.`)
}

function unwritable(file: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "EEXIST") return new AppError("conflict", `${file} exists already. Name another file.`)
  if (!/^E(?:NOENT|NOTDIR|ACCES|PERM|ROFS|NOSPC|ISDIR)$/.test(code)) return error
  return new AppError("conflict", `${file} cannot be written (${code}).`)
}

interface Written {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly leftOut: readonly { readonly name: string; readonly why: string }[]
}

function inWords({ file, bytes, sha256, leftOut }: Written): string {
  return lines(
    `The support dump was written to ${file} (${bytes} bytes).`,
    `SHA-256: ${sha256}`,
    ...leftOut.map(({ name, why }) => `Without ${name}: ${why}.`),
  )
}
