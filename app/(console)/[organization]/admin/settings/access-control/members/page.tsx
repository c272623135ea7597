import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { MembersList } from "@/components/access-control/members/members-list"
import { Refused } from "@/components/navigation/refused"
import { run } from "@/lib/http/run"
import { listMembers } from "@/lib/operations/members/list"

export const metadata: Metadata = { title: "Members" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
  readonly searchParams: Promise<{ readonly search?: string | readonly string[] }>
}

/** The members of the organization, searched by the text in the url. */
export default async function MembersPage({ params, searchParams }: PageProps) {
  const { organization } = await params
  const { search: given = "" } = await searchParams
  const search = (typeof given === "string" ? given : given.join(" ")).slice(0, 200)
  const found = await run(listMembers, organization, { search })
  if (!found.ok) return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  return <MembersList slug={organization} search={search} {...found.value} />
}
