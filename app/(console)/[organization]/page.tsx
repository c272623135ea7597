import { redirect } from "next/navigation"

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** An organization opens on its audit logs. */
export default async function OrganizationPage({ params }: PageProps) {
  const { organization } = await params
  redirect(`/${encodeURIComponent(organization)}/admin/audit-logs`)
}
