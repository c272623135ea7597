import type { Metadata } from "next"
import { NoPermission } from "@/components/access/no-permission"
import { Refused } from "@/components/navigation/refused"
import { CaptureEditor } from "@/components/settings/capture/capture-editor"
import { EnvironmentReport } from "@/components/settings/capture/environment-report"
import { run } from "@/lib/http/run"
import { listCaptureApps } from "@/lib/operations/capture/apps"
import { findCaptureEnvironment } from "@/lib/operations/capture/environment"
import { findCaptureFigures } from "@/lib/operations/capture/figures"
import { readCapturePolicy } from "@/lib/operations/capture/policy"
import {
  readCapturePolicyAction,
  simulateCapturePolicyAction,
  tryCapturePolicyAction,
  updateCapturePolicyAction,
} from "./actions"

export const metadata: Metadata = { title: "Capture" }

interface PageProps {
  readonly params: Promise<{ readonly organization: string }>
}

/** What is recorded of API calls, to be read and changed. */
export default async function CapturePage({ params }: PageProps) {
  const { organization } = await params
  const policy = await run(readCapturePolicy, organization, {})
  if (!policy.ok) return policy.code === "forbidden" ? <NoPermission {...policy} /> : <Refused {...policy} />
  const figures = await run(findCaptureFigures, organization, {})
  const apps = await run(listCaptureApps, organization, {})
  const environment = await run(findCaptureEnvironment, organization, {})
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {environment.ok ? <EnvironmentReport {...environment.value} /> : null}
      <CaptureEditor
        slug={organization}
        capture={policy.value}
        figures={figures.ok ? figures.value : null}
        apps={apps.ok ? apps.value : []}
        update={updateCapturePolicyAction.bind(null, organization)}
        read={readCapturePolicyAction.bind(null, organization)}
        simulate={simulateCapturePolicyAction.bind(null, organization)}
        tryCall={tryCapturePolicyAction.bind(null, organization)}
      />
    </div>
  )
}
