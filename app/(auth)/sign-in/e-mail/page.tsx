import type { Metadata } from "next"
import { requestSignInLinkAction } from "@/app/(auth)/sign-in/actions"
import { AskForMail } from "@/components/sign-in/ask-for-mail"
import { FollowLinkForm } from "@/components/sign-in/follow-link-form"
import { SignInLead } from "@/components/sign-in/sign-in-lead"
import { carryPath, readCarriedPath } from "@/lib/http/return-path"

// The url contains a secret: it is never sent as a referrer.
export const metadata: Metadata = { title: "Sign in by e-mail", referrer: "no-referrer" }

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/**
 * With a token: signs in when the button is pressed. Opening the page does not use the link and signs nobody in, so mail
 * scanners and previews do no harm. Without one: mails a link.
 */
export default async function EmailLinkPage({ searchParams }: PageProps) {
  const { token, return: asked } = await searchParams
  const returnTo = readCarriedPath(asked)
  const carried = carryPath(returnTo)
  if (typeof token === "string" && token !== "") {
    return (
      <>
        <SignInLead title="Sign in to Auditorium">
          Go on if you asked for this link yourself. It works once; whoever is signed in here is signed out.
        </SignInLead>
        <FollowLinkForm token={token} returnTo={returnTo} carried={carried} />
      </>
    )
  }
  return (
    <>
      <SignInLead title="Sign in by e-mail">
        We send you a link. It signs you in without a password, once, within 15 minutes.
      </SignInLead>
      <AskForMail
        ask={requestSignInLinkAction}
        returnTo={returnTo}
        carried={carried}
        label="E-mail me a sign-in link"
        promise="a link to sign in with is on its way. It works for 15 minutes."
      />
    </>
  )
}
