import type { Metadata } from "next"
import Link from "next/link"
import { createSinkAction, testSinkAction } from "@/app/(console)/[organization]/admin/settings/sinks/actions"
import { NoPermission } from "@/components/access/no-permission"
import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Refused } from "@/components/navigation/refused"
import { KindList } from "@/components/settings/sinks/kind-list"
import { sinksPath } from "@/components/settings/sinks/places"
import { NewSinkForm } from "@/components/settings/sinks/sink-form"
import { run } from "@/lib/http/run"
import { listSinkKinds } from "@/lib/operations/sinks/kinds"

export const metadata: Metadata = { title: "Add a sink" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
  readonly searchParams: Promise<{ readonly kind?: string | string[] }>
}

/** The kinds to choose from, then the form of the chosen one. */
export default async function NewSinkPage({ params, searchParams }: PageProps) {
  const { organization } = await params
  const { kind: asked } = await searchParams
  const found = await run(listSinkKinds, organization, {})
  if (!found.ok) return found.code === "forbidden" ? <NoPermission {...found} /> : <Refused {...found} />
  const { kinds, omittable } = found.value
  const kind = kinds.find(each => each.kind === asked)
  const list = sinksPath(organization)
  return (
    <Page>
      <PageHeader
        above={
          <Link href={kind ? `${list}/new` : list} className="w-fit text-sm text-link hover:underline">
            {kind ? "Kinds of sinks" : "Sinks"}
          </Link>
        }
        title={kind ? `Add a sink: ${kind.label}` : "Add a sink"}
        description={kind ? undefined : "Where do you look at events already?"}
      />
      {kind ? (
        <NewSinkForm
          slug={organization}
          kind={kind}
          omittable={omittable}
          create={createSinkAction.bind(null, organization)}
          test={testSinkAction.bind(null, organization)}
        />
      ) : (
        <KindList slug={organization} kinds={kinds} />
      )}
    </Page>
  )
}
