"use client"

import { useEffect, useState } from "react"
import { useLog } from "@/components/audit-log/log-context"
import { dataAddress } from "@/components/audit-log/query/address"
import { type FetchFailure, fetchJson } from "@/components/audit-log/request"
import type { FieldName } from "@/lib/audit/query/fields"
import { setValues } from "@/lib/audit/query/query"
import type { Choices as ChoicesAnswer } from "@/lib/audit/store"

const waitMs = 120

const none: ChoicesAnswer = { choices: [], counted: 0, whole: true }

interface Choices extends ChoicesAnswer {
  readonly loading: boolean
  readonly failure: FetchFailure | null
}

interface Answer {
  readonly address: string
  readonly found: ChoicesAnswer
  readonly failure: FetchFailure | null
}

/**
 * The values of a field that occur among the events of the query, without its condition on the field itself, and that
 * contain the typed text; loaded while `active`. A later query drops an earlier result.
 */
export function useChoices(field: FieldName, typed: string, active: boolean): Choices {
  const { slug, query, noticeRefusal } = useLog()
  const [answer, setAnswer] = useState<Answer | null>(null)
  const others = {
    ...query,
    include: setValues(query.include, field, []),
    exclude: setValues(query.exclude, field, []),
    cursor: null,
  }
  const address = dataAddress(slug, "choices", others, { field, typed })

  useEffect(() => {
    if (!active) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      fetchJson<ChoicesAnswer>(address, controller.signal).then(result => {
        if (controller.signal.aborted) return
        if (result.ok) setAnswer({ address, found: result.value, failure: null })
        else {
          setAnswer({ address, found: none, failure: result.failure })
          noticeRefusal(result.failure)
        }
      })
    }, waitMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [address, active, noticeRefusal])

  const current = answer?.address === address
  return {
    ...(answer?.found ?? none),
    loading: active && !current,
    failure: current ? answer.failure : null,
  }
}
