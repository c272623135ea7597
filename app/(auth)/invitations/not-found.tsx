import type { Metadata } from "next"
import { buttonVariants } from "@/components/ui/button-variants"

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" }

/** The one page of every link that leads nowhere: made up, answered, revoked, replaced, too late or somebody else's. */
export default function UselessInvitationPage() {
  return (
    <>
      <h1 className="mb-2 text-xl font-semibold">This invitation cannot be used</h1>
      <p className="text-sm text-muted-foreground text-pretty">
        A link works once, for a limited time, and only for the address that it was sent to. If you are signed
        in with another address, sign out and open the link again.
      </p>
      <p className="mt-3 mb-5 text-sm text-muted-foreground text-pretty">
        Otherwise ask whoever invited you for a new one.
      </p>
      {/* Whole new pages: nothing of this address goes along. */}
      <a href="/" className={buttonVariants({ size: "lg", className: "w-full" })}>
        Go to the console
      </a>
    </>
  )
}
