import type { Metadata } from "next"
import { headers } from "next/headers"
import { signOutAction } from "@/app/(console)/actions"
import { OtherAccount } from "@/components/invitation/other-account"
import { buttonVariants } from "@/components/ui/button-variants"
import { attempt } from "@/lib/http/attempt"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" }

/**
 * The one page of every link that cannot be used: unknown, answered, revoked, replaced, expired or for somebody else.
 * Signed-in visitors see their account, and can sign out and come back; that is so for every link, so it reveals nothing
 * about this one.
 */
export default async function UselessInvitationPage() {
  const session = await attempt(findUserSession, { headers: await headers(), organization: null }, {})
  return (
    <>
      <h1 className="mb-2 text-xl font-semibold">This invitation cannot be used</h1>
      <p className="text-sm text-muted-foreground text-pretty">
        A link works once, for a limited time, and only for the address that it was sent to.
      </p>
      {session.ok ? <OtherAccount email={session.value.person.email} signOut={signOutAction} /> : null}
      <p className="mt-3 mb-5 text-sm text-muted-foreground text-pretty">
        Otherwise ask whoever invited you for a new one.
      </p>
      {/* Full page loads: nothing of this url is passed on. */}
      <a href="/" className={buttonVariants({ size: "lg", className: "w-full" })}>
        Go to the console
      </a>
    </>
  )
}
