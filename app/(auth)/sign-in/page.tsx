import type { Metadata } from "next"
import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { OtherWays } from "@/components/sign-in/other-ways"
import { SignInForm } from "@/components/sign-in/sign-in-form"
import { attempt } from "@/lib/http/attempt"
import { isOwnPath } from "@/lib/http/return-path"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

export const metadata: Metadata = { title: "Sign in" }

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

/** Signs in, and leads back to the page that was asked for; whoever is signed in already goes there at once. */
export default async function SignInPage({ searchParams }: PageProps) {
  const { return: asked } = await searchParams
  const returnTo = typeof asked === "string" && isOwnPath(asked) ? asked : "/"
  const session = await attempt(findUserSession, await headers(), null, {})
  if (session.ok) redirect(returnTo)
  return (
    <>
      <h1 className="mb-5 text-xl font-semibold">Sign in</h1>
      <SignInForm returnTo={returnTo} />
      <OtherWays returnTo={returnTo} />
    </>
  )
}
