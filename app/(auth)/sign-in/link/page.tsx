import type { Metadata } from "next"
import { redeemLinkAction } from "@/app/(auth)/sign-in/actions"
import { RedeemLinkForm } from "@/components/sign-in/redeem-link-form"
import { Alert } from "@/components/ui/alert"
import { minimumPasswordCharacters } from "@/lib/operations/sign-in/user-session"

// The address holds a secret: it goes nowhere as a referrer.
export const metadata: Metadata = { title: "Set a password", referrer: "no-referrer" }

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** Opening the page uses nothing up, so mail scanners and previews do no harm; sending the form spends the link. */
export default async function LinkPage({ searchParams }: PageProps) {
  const { token } = await searchParams
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold">Set a password</h1>
      {typeof token === "string" && token !== "" ? (
        <>
          <p className="mb-5 text-sm text-muted-foreground">
            This link works once. It ends every session that is open in your name.
          </p>
          <RedeemLinkForm
            redeem={redeemLinkAction}
            token={token}
            minimumCharacters={minimumPasswordCharacters}
          />
        </>
      ) : (
        <Alert tone="warning" title="This link is not complete" className="mt-4">
          Open the whole address that you were given, up to its last character.
        </Alert>
      )}
    </>
  )
}
