import type { Metadata } from "next"
import Link from "next/link"
import { NoPermission } from "@/components/access/no-permission"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { sinksPath } from "@/components/settings/sinks/places"
import { RefreshButton } from "@/components/settings/sinks/refresh-button"
import { SinksTable } from "@/components/settings/sinks/sinks-table"
import { TroubleBanner } from "@/components/settings/sinks/trouble-banner"
import { sinksPurpose } from "@/components/settings/sinks/words"
import { buttonVariants } from "@/components/ui/button-variants"
import { run } from "@/lib/http/run"
import { listSinks } from "@/lib/operations/sinks/list"

export const metadata: Metadata = { title: "Sinks" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** Where copies of events go, and whether they arrive. */
export default async function SinksPage({ params }: PageProps) {
  const { organization } = await params
  const found = await run(listSinks, organization, {})
  if (!found.ok) return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  return (
    <Page>
      <PageHeader
        title="Sinks"
        description={sinksPurpose}
        actions={
          <>
            <RefreshButton />
            <Link href={`${sinksPath(organization)}/new`} className={buttonVariants({ variant: "primary" })}>
              + Add sink
            </Link>
          </>
        }
      />
      <TroubleBanner slug={organization} {...found.value} now={new Date()} />
      <SinksTable slug={organization} sinks={found.value.sinks} />
    </Page>
  )
}
