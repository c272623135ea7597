import type { Metadata } from "next"
import { redeemLinkAction } from "@/app/(auth)/sign-in/actions"
import { RedeemLinkForm } from "@/components/sign-in/redeem-link-form"
import { SignInLead } from "@/components/sign-in/sign-in-lead"
import { Alert } from "@/components/ui/alert"
import { minimumPasswordCharacters } from "@/lib/operations/sign-in/user-session"

// The url contains a secret: it is never sent as a referrer.
export const metadata: Metadata = { title: "Set a password", referrer: "no-referrer" }

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** Opening the page does not use the link, so mail scanners and previews do no harm; sending the form does. */
export default async function LinkPage({ searchParams }: PageProps) {
  const { token, for: purpose } = await searchParams
  const isReset = purpose === "reset"
  const title = isReset ? "Choose a new password" : "Set a password"
  if (typeof token !== "string" || token === "") {
    return (
      <>
        <SignInLead title={title} />
        <Alert tone="warning" title="This link is not complete">
          Open the whole address that you were given, up to its last character.
        </Alert>
      </>
    )
  }
  return (
    <>
      <SignInLead title={title}>
        This link works once. It ends every session that is open in your name.
      </SignInLead>
      <RedeemLinkForm
        redeem={redeemLinkAction}
        token={token}
        asksName={!isReset}
        minimumCharacters={minimumPasswordCharacters}
      />
    </>
  )
}
