"use client"

import { useLog } from "@/components/audit-log/log-context"
import { AddressFaults } from "./address-faults"
import { SlowNotice } from "./pending"
import { SearchFailure, UnansweredQuestion } from "./search-failure"

/** What has to be said above the rows: a question that takes long, was not answered, or was not understood. */
export function Notices() {
  const { body, failed } = useLog()
  return (
    <>
      <SlowNotice />
      {failed ? <UnansweredQuestion failure={failed} /> : null}
      {body.kind === "faults" ? <AddressFaults faults={body.faults} /> : null}
      {body.kind === "failure" && !failed ? <SearchFailure failure={body.failure} /> : null}
    </>
  )
}
