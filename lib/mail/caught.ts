import { readdir, readFile } from "node:fs/promises"
import path from "node:path"
import PostalMime, { type Email } from "postal-mime"

/** A caught mail in a list. */
export interface CaughtMailHead {
  /** The name of its file, which begins with the time. */
  readonly id: string
  readonly at: Date
  readonly subject: string
  readonly from: string
  readonly to: string
}

/** A complete caught mail. */
export interface CaughtMail extends CaughtMailHead {
  /** Null when it has no such part. */
  readonly text: string | null
  readonly html: string | null
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  /** The source as received. */
  readonly source: string
}

// Written by scripts/launcher/mail-catcher.mjs: 2026-11-21T08-00-00.000Z-000001.eml
const fileName = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3}Z)-\d{1,12}$/

/** Returns the mails of the directory, newest first; none when nothing has been caught there. */
export async function caughtMails(directory: string): Promise<readonly CaughtMailHead[]> {
  const ids = (await namesIn(directory))
    .filter(name => name.endsWith(".eml"))
    .map(name => path.basename(name, ".eml"))
    .sort((one, other) => (one < other ? 1 : -1))
  const mails = await Promise.all(ids.map(id => caughtMail(directory, id)))
  return mails.flatMap(mail => (mail === null ? [] : [headOf(mail)]))
}

/** Returns the mail with that id; null when there is none, or it was deleted. Reads nothing outside of the directory. */
export async function caughtMail(directory: string, id: string): Promise<CaughtMail | null> {
  const at = timeOf(id)
  if (at === null) return null
  try {
    const source = await readFile(path.join(directory, `${id}.eml`))
    return mailOf({ id, at }, source, await PostalMime.parse(source))
  } catch (error) {
    // Only the newest are kept: this one was deleted since the listing.
    if (Object(error).code === "ENOENT") return null
    throw error
  }
}

function mailOf({ id, at }: Pick<CaughtMail, "id" | "at">, source: Buffer, email: Email): CaughtMail {
  return {
    id,
    at,
    subject: email.subject ?? "",
    from: addresses(email.from === undefined ? [] : [email.from]),
    to: addresses(email.to ?? []),
    text: email.text ?? null,
    html: email.html ?? null,
    headers: email.headers.map(({ originalKey, key, value }) => ({ name: originalKey || key, value })),
    source: source.toString("utf8"),
  }
}

function headOf({ id, at, subject, from, to }: CaughtMail): CaughtMailHead {
  return { id, at, subject, from, to }
}

function addresses(list: readonly { readonly name: string; readonly address?: string }[]): string {
  return list.map(({ name, address = "" }) => (name === "" ? address : `${name} <${address}>`)).join(", ")
}

function timeOf(id: string): Date | null {
  const [, day, hours, minutes, seconds] = fileName.exec(id) ?? []
  const at = new Date(`${day}${hours}:${minutes}:${seconds}`)
  return Number.isNaN(at.getTime()) ? null : at
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (Object(error).code === "ENOENT") return []
    throw error
  }
}
