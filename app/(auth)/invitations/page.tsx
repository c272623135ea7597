import type { Metadata } from "next"
import { headers } from "next/headers"
import { notFound } from "next/navigation"
import { readOpenInvitation } from "@/lib/http/open-invitation"
import { Answer } from "./answer"

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" }

/** The invitation in the browser's cookie: the page to which signing in leads back. */
export default async function OpenInvitationPage() {
  const token = readOpenInvitation(await headers())
  if (token === null) notFound()
  return <Answer token={token} />
}
