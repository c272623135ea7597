import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { Refused } from "@/components/navigation/refused"
import { ProducersTable } from "@/components/settings/capture/producers-table"
import { run } from "@/lib/http/run"
import { listCaptureProducers } from "@/lib/operations/capture/producers"

export const metadata: Metadata = { title: "Producers" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** The SDKs and proxies that record calls for this organization. */
export default async function ProducersPage({ params }: PageProps) {
  const { organization } = await params
  const found = await run(listCaptureProducers, organization, {})
  if (!found.ok) return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  return <ProducersTable {...found.value} now={new Date()} />
}
