"use client"

import { useLogQuery } from "@/components/audit-log/query-context"
import { Alert } from "@/components/ui/alert"
import { AddressFaults } from "./address-faults"
import { SlowNotice } from "./pending"
import { SearchFailure, UnansweredQuery } from "./search-failure"

/** Notices above the rows: a query that takes long, failed, or is invalid. */
export function Notices() {
  const { body, failed, textPartly } = useLogQuery()
  return (
    <>
      <SlowNotice />
      {failed ? <UnansweredQuery failure={failed} /> : null}
      {textPartly && !failed ? <PartlySearched /> : null}
      {body.kind === "faults" ? <AddressFaults faults={body.faults} /> : null}
      {body.kind === "failure" && !failed ? <SearchFailure failure={body.failure} /> : null}
    </>
  )
}

/** After an upgrade the texts of older events are indexed in the background: until then a result may lack some. */
function PartlySearched() {
  return (
    <Alert tone="info" role="status" title="Older events are still being prepared for text search">
      <p>
        Of those, only the first 1,000 characters of their text are searched, so some matches may be missing.
        This follows an upgrade and ends by itself.
      </p>
    </Alert>
  )
}
