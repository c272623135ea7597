import type { Metadata } from "next"
import { Answer } from "@/app/(auth)/invitations/answer"

// The url contains a secret: it is never sent as a referrer.
export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" }

interface PageProps {
  readonly params: Promise<{ readonly token: string }>
}

/** Opening the page answers nothing, so mail scanners and previews do no harm. */
export default async function InvitationPage({ params }: PageProps) {
  const { token } = await params
  return <Answer token={token} />
}
