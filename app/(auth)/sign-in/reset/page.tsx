import type { Metadata } from "next"
import { requestPasswordResetAction } from "@/app/(auth)/sign-in/actions"
import { AskForMail } from "@/components/sign-in/ask-for-mail"
import { SignInLead } from "@/components/sign-in/sign-in-lead"

export const metadata: Metadata = { title: "Forgot password" }

/** Mails a link to set a new password. */
export default function ResetPage() {
  return (
    <>
      <SignInLead title="Forgot your password?">
        We send you a link to choose a new one. Until you do, your password stays as it is.
      </SignInLead>
      <AskForMail
        ask={requestPasswordResetAction}
        label="E-mail me a link"
        promise="a link to choose a new password with is on its way. It works for an hour."
      />
    </>
  )
}
