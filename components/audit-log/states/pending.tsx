"use client"

import { useAccess } from "@/components/audit-log/access-context"
import { useLogQuery } from "@/components/audit-log/query-context"
import { ValueText } from "@/components/audit-log/values/value-text"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"
import { describeQuery } from "@/lib/audit/query/describe"

/** A thin bar below the page's header while another result is pending; the old rows stay visible. */
export function PendingBar() {
  const { pending } = useLogQuery()
  return (
    <div aria-hidden="true" className="sticky top-header z-20 -mb-0.5 h-0.5">
      {pending ? <div className="h-full animate-pulse bg-primary" /> : null}
    </div>
  )
}

/** Shows, when a query takes long, what is being searched, and offers to cancel it. */
export function SlowNotice() {
  const { slow, query, cancel } = useLogQuery()
  const { apps } = useAccess()
  return (
    <div role="status" className={slow ? undefined : "sr-only"}>
      {slow ? (
        <Alert
          title="Still searching"
          action={
            <Button size="sm" onClick={cancel}>
              Cancel
            </Button>
          }
        >
          <ValueText text={describeQuery(query, apps).join(" · ")} />
        </Alert>
      ) : null}
    </div>
  )
}
