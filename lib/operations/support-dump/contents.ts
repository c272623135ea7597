import type { ArchiveFile, WrittenFile } from "@/lib/support-dump/zip"

/** How much of the installation a dump holds: all of it, or one organization's part. */
export type Contents = "installation" | "organization"

/** A file that this dump does not have, and the reason. */
export interface LeftOut {
  readonly name: string
  readonly why: string
}

/** Returns a file with a value as JSON that people can read. */
export function jsonFile(name: string, value: unknown): ArchiveFile {
  return { name, content: () => [`${JSON.stringify(value, null, 2)}\n`] }
}

/** Returns a file of lines, each with its line break. */
export function linesFile(name: string, lines: () => AsyncIterable<string>): ArchiveFile {
  return { name, content: () => inChunks(lines()) }
}

/** Many short lines cost more as chunks of their own than their bytes. */
async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = ""
  for await (const line of lines) {
    chunk += line
    if (chunk.length < 64 * 1024) continue
    yield chunk
    chunk = ""
  }
  yield chunk
}

export interface ManifestHead {
  readonly version: string
  readonly createdAt: string
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string }
  readonly contents: Contents
  readonly leftOut: readonly LeftOut[]
}

/** Returns the text of `manifest.json`. */
export function manifestText(head: ManifestHead, files: readonly WrittenFile[]): string {
  return `${JSON.stringify({ format: "auditorium-support-dump", v: 1, ...head, files }, null, 2)}\n`
}
