import { faultId } from "@/components/audit-log/filter/filter-bar"
import type { AddressFault } from "@/components/audit-log/query/faults"
import { visibleText } from "@/components/audit-log/values/visible"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { RemedyLink } from "./remedy-link"

export interface AddressFaultsProps {
  readonly faults: readonly AddressFault[]
}

/** The invalid parts of the url, each with a link that removes it. No event is shown meanwhile: it could be the wrong one. */
export function AddressFaults({ faults }: AddressFaultsProps) {
  return (
    <Alert
      tone="failure"
      role="alert"
      title={
        faults.length === 1 ? "A filter is not understood" : `${faults.length} filters are not understood`
      }
    >
      <ul className="mt-1 grid gap-1.5">
        {faults.map((fault, index) => (
          <li key={`${fault.name} ${fault.message}`} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span id={faultId(index)} className="min-w-0 wrap-anywhere">
              <code className="font-data font-medium">{visibleText(fault.name)}</code>{" "}
              {visibleText(fault.message)}
            </span>
            <Button size="xs" asChild>
              <RemedyLink search={fault.remedy}>Remove</RemedyLink>
            </Button>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-muted-foreground">No events are shown until every filter is understood.</p>
    </Alert>
  )
}
