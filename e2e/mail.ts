import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { expect } from "@playwright/test"
import PostalMime from "postal-mime"

/** A mail as its reader sees it. */
export interface CaughtMail {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Every url of the text, in order. */
  readonly links: readonly string[]
}

const dataDirectory = process.env.E2E_DATA_DIR ?? path.resolve(import.meta.dirname, "..", ".data")

/**
 * The folder in which `npm start` keeps the mails that it catches, one .eml each; names begin with the time and so sort by
 * it.
 */
const caughtDirectory = path.join(dataDirectory, "mail")

const patienceMs = 20_000

/** Returns the newest mail to that email (with a matching subject), as soon as there is one. */
export async function latestMail(
  to: string,
  { subject }: { readonly subject?: string | RegExp } = {},
): Promise<CaughtMail> {
  let found: CaughtMail | undefined
  await expect
    .poll(
      async () => {
        found = await newest(to, subject)
        return found !== undefined
      },
      { message: `a mail to ${to}`, timeout: patienceMs },
    )
    .toBe(true)
  if (found === undefined) throw new Error(`No mail came to ${to}.`)
  return found
}

async function newest(to: string, subject: string | RegExp | undefined): Promise<CaughtMail | undefined> {
  const names = existsSync(caughtDirectory) ? readdirSync(caughtDirectory) : []
  const files = names.filter(name => name.endsWith(".eml")).sort((a, b) => (a < b ? 1 : -1))
  for (const name of files) {
    const mail = await PostalMime.parse(readFileSync(path.join(caughtDirectory, name)))
    const text = mail.text ?? ""
    const fits =
      subject === undefined ||
      (typeof subject === "string" ? mail.subject === subject : subject.test(mail.subject ?? ""))
    if (fits && mail.to?.some(({ address }) => address?.toLowerCase() === to.toLowerCase()))
      return {
        subject: mail.subject ?? "",
        text,
        html: mail.html ?? "",
        links: text.match(/https?:\/\/\S+/g) ?? [],
      }
  }
  return undefined
}
