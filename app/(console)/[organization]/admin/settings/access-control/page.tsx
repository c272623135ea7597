import { redirect } from "next/navigation"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** Redirects to the first list that the person may open. */
export default async function AccessControlPage({ params }: PageProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  const opensMembersOnly =
    session.value.permissions.includes("MEMBER-MANAGEMENT") &&
    !session.value.permissions.includes("ROLE-MANAGEMENT")
  redirect(`/${organization}/admin/settings/access-control/${opensMembersOnly ? "members" : "roles"}`)
}
