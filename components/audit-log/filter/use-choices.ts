"use client"

import { useEffect, useState } from "react"
import { useLog } from "@/components/audit-log/log-context"
import { dataAddress } from "@/components/audit-log/question/address"
import { type FetchFailure, fetchJson } from "@/components/audit-log/request"
import type { FieldName } from "@/lib/audit/query/fields"
import type { Choice } from "@/lib/audit/store"

const waitMs = 120

interface Choices {
  readonly choices: readonly Choice[]
  readonly loading: boolean
  readonly failure: FetchFailure | null
}

interface Answer {
  readonly address: string
  readonly choices: readonly Choice[]
  readonly failure: FetchFailure | null
}

/** Values of a field that occur in the window and hold the typed text, while `active`. A later question drops an earlier answer. */
export function useChoices(field: FieldName, typed: string, active: boolean): Choices {
  const { slug, question, noticeRefusal } = useLog()
  const [answer, setAnswer] = useState<Answer | null>(null)
  const { window, zone, excludeToday } = question
  const plain = {
    ...question,
    include: {},
    exclude: {},
    text: null,
    cursor: null,
    window,
    zone,
    excludeToday,
  }
  const address = dataAddress(slug, "choices", plain, { field, typed })

  useEffect(() => {
    if (!active) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      fetchJson<{ readonly choices: readonly Choice[] }>(address, controller.signal).then(result => {
        if (controller.signal.aborted) return
        if (result.ok) setAnswer({ address, choices: result.value.choices, failure: null })
        else {
          setAnswer({ address, choices: [], failure: result.failure })
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
    choices: answer?.choices ?? [],
    loading: active && !current,
    failure: current ? answer.failure : null,
  }
}
