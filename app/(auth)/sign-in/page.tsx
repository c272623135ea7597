import type { Metadata } from "next"
import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { OtherWays } from "@/components/sign-in/other-ways"
import { ProviderButton } from "@/components/sign-in/provider-button"
import { SignInForm } from "@/components/sign-in/sign-in-form"
import { Alert } from "@/components/ui/alert"
import { attempt } from "@/lib/http/attempt"
import { carryPath, readCarriedPath } from "@/lib/http/return-path"
import { identityProvider } from "@/lib/http/sign-in/identity-provider"
import { identityRefusalWords } from "@/lib/operations/sign-in/identity-refusals"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

export const metadata: Metadata = { title: "Sign in" }

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** Signs in, and leads back to the requested page; somebody who is signed in goes there at once. */
export default async function SignInPage({ searchParams }: PageProps) {
  const { return: asked, refused } = await searchParams
  const returnTo = readCarriedPath(asked)
  const session = await attempt(findUserSession, { headers: await headers(), organization: null }, {})
  if (session.ok) redirect(returnTo)
  const provider = identityProvider()
  const refusal =
    provider && typeof refused === "string" ? identityRefusalWords(refused, provider.name) : null
  return (
    <>
      <h1 className="mb-5 text-xl font-semibold">Sign in</h1>
      {refusal ? (
        <Alert tone="failure" role="alert" className="mb-5">
          {refusal}
        </Alert>
      ) : null}
      <SignInForm returnTo={returnTo} />
      <OtherWays carried={carryPath(returnTo)}>
        {provider ? (
          <ProviderButton purpose="sign-in" returnTo={returnTo} size="lg">
            {`Continue with ${provider.name}`}
          </ProviderButton>
        ) : null}
      </OtherWays>
    </>
  )
}
