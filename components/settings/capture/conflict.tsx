import { Alert } from "@/components/ui/alert"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { ChangeList } from "./change-list"
import { changesBetween } from "./changes"
import { putOnTop } from "./draft"
import type { CaptureView } from "./view"
import { listed } from "./words"

export interface ConflictProps {
  /** What both versions began from. */
  readonly base: CaptureView
  readonly mine: CapturePolicy
  readonly theirs: CaptureView
}

/** Somebody else has saved meanwhile: both versions, each as a change of what they began from. */
export function Conflict({ base, mine, theirs }: ConflictProps) {
  const theirChanges = changesBetween(base.policy, theirs.policy)
  const myChanges = changesBetween(base.policy, mine)
  const { overruled } = putOnTop(base.policy, mine, theirs.policy)
  return (
    <div className="grid gap-4">
      <Alert tone="warning" role="alert" title={`Version ${theirs.version} was saved meanwhile`}>
        Your change began from version {base.version} and has not been saved.
      </Alert>
      <div className="grid gap-4 md:grid-cols-2">
        <section aria-labelledby="conflict-theirs" className="grid min-w-0 content-start gap-2">
          <h3 id="conflict-theirs" className="text-sm font-semibold">
            Saved: version {theirs.version}
          </h3>
          <ChangeList changes={theirChanges} none="It came back to what you began from." />
        </section>
        <section aria-labelledby="conflict-mine" className="grid min-w-0 content-start gap-2">
          <h3 id="conflict-mine" className="text-sm font-semibold">
            Yours, not saved
          </h3>
          <ChangeList changes={myChanges} none="You changed nothing." />
        </section>
      </div>
      {overruled.length > 0 ? (
        <p className="text-sm text-denied">
          Both of you changed {listed(overruled, "and")}. With yours on top, yours counts there.
        </p>
      ) : null}
    </div>
  )
}
