"use client"

import { useAccess } from "@/components/audit-log/access-context"
import { dataAddress } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { useAnswer } from "@/components/audit-log/use-answer"
import type { FieldName } from "@/lib/audit/query/fields"
import { setValues } from "@/lib/audit/query/query"
import type { Choices as ChoicesAnswer } from "@/lib/audit/store"

const waitMs = 120

const none: ChoicesAnswer = { choices: [], counted: 0, whole: true }

interface Choices extends ChoicesAnswer {
  readonly loading: boolean
  readonly failure: FetchFailure | null
}

/**
 * The values of a field that occur among the events of the query, without its condition on the field itself, and that
 * contain the typed text; loaded while `active`. The values of the text before stay until the new ones arrive.
 */
export function useChoices(field: FieldName, typed: string, active: boolean): Choices {
  const { slug, query } = useLogQuery()
  const { noticeRefusal } = useAccess()
  const others = {
    ...query,
    include: setValues(query.include, field, []),
    exclude: setValues(query.exclude, field, []),
    cursor: null,
  }
  const address = dataAddress(slug, "choices", others, { field, typed })
  const { last } = useAnswer<ChoicesAnswer>(active ? address : null, { waitMs, onFailure: noticeRefusal })
  const isCurrent = last?.url === address
  return {
    ...(last?.result.ok ? last.result.value : none),
    loading: active && !isCurrent,
    failure: isCurrent && !last.result.ok ? last.result.failure : null,
  }
}
