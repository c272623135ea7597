import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { Refused } from "@/components/navigation/refused"
import { HistoryList } from "@/components/settings/capture/history-list"
import { run } from "@/lib/http/run"
import { listCapturePolicyVersions } from "@/lib/operations/capture/history"

export const metadata: Metadata = { title: "History of the capture policy" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
  readonly searchParams: Promise<{ readonly before?: string | string[] }>
}

/** Every version of the policy, the newest first. */
export default async function HistoryPage({ params, searchParams }: PageProps) {
  const { organization } = await params
  const { before } = await searchParams
  const isVersion = typeof before === "string" && /^[1-9]\d{0,8}$/.test(before)
  const found = await run(
    listCapturePolicyVersions,
    organization,
    isVersion ? { before: Number(before) } : {},
  )
  if (!found.ok) return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  const { versions, next } = found.value
  return (
    <HistoryList
      entries={versions}
      earlier={next === null ? null : `/${organization}/admin/settings/capture/history?before=${next}`}
    />
  )
}
