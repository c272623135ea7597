import path from "node:path"
import { headers } from "next/headers"
import { notFound } from "next/navigation"
import { hashToken, isSameHash } from "@/lib/access/tokens"
import { isLoopback, processCaughtMailKey } from "@/lib/env/env"
import { type CaughtMail, type CaughtMailHead, caughtMail, caughtMails } from "@/lib/mail/caught"
import { platform } from "@/lib/platform"

/** Returns the caught mails, newest first. Calls `notFound` for a caller who may not read them. */
export async function listCaughtMail(key: string): Promise<readonly CaughtMailHead[]> {
  return caughtMails(await openDirectory(key))
}

/** Returns one caught mail. Calls `notFound` when there is none, and for a caller who may not read it. */
export async function readCaughtMail(key: string, id: string): Promise<CaughtMail> {
  return (await caughtMail(await openDirectory(key), id)) ?? notFound()
}

/**
 * The page exists where `npm start` catches mail, for callers with its key who request this machine by one of its own
 * names: a page of another site whose name resolves to this machine does not get in.
 */
async function openDirectory(given: string): Promise<string> {
  const key = processCaughtMailKey()
  const { env } = platform()
  const asked = (await headers()).get("host")?.replace(/:\d+$/, "") ?? ""
  if (
    key === null ||
    !isSameHash(hashToken(given), hashToken(key)) ||
    !isLoopback(env.host) ||
    !isLoopback(asked)
  )
    notFound()
  return path.join(env.dataDirectory, "mail")
}
