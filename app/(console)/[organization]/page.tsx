import { redirect } from "next/navigation"
import { adminPlacesFor } from "@/components/navigation/places"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { findUserSession } from "@/lib/operations/sign-in/user-session"

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** Redirects to the first page that the person may see; without any, the audit logs show the missing permission. */
export default async function OrganizationPage({ params }: PageProps) {
  const { organization } = await params
  const session = await run(findUserSession, organization, {})
  if (!session.ok) return <Refused {...session} />
  const [first] = adminPlacesFor(session.value.permissions)
  redirect(`/${encodeURIComponent(organization)}${first?.path ?? "/admin/audit-logs"}`)
}
