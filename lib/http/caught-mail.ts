import path from "node:path"
import { headers } from "next/headers"
import { notFound } from "next/navigation"
import { hashToken, isSameHash } from "@/lib/access/tokens"
import { isLoopback, processCaughtMailKey } from "@/lib/env"
import { type CaughtMail, type CaughtMailHead, caughtMail, caughtMails } from "@/lib/mail/caught"
import { platform } from "@/lib/platform"

/** Promise: the caught mails, newest first; the page's not-found for whoever may not read them. */
export async function listCaughtMail(key: string): Promise<readonly CaughtMailHead[]> {
  return caughtMails(await openDirectory(key))
}

/** Promise: one caught mail; the page's not-found when there is none, or for whoever may not read it. */
export async function readCaughtMail(key: string, id: string): Promise<CaughtMail> {
  return (await caughtMail(await openDirectory(key), id)) ?? notFound()
}

/**
 * The page exists where `npm start` catches mail, for whoever has its key and asks for this machine by a name that means it:
 * a page of another site that makes its own name point here does not get in.
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
