"use client"

import { useEffect, useState } from "react"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { isSame } from "./draft"
import type { CaptureView } from "./view"

/** A draft, and the version that it began from. */
interface Draft {
  readonly base: CaptureView
  readonly draft: CapturePolicy
}

/** The policy that is being edited, and the ways to change it. */
export interface CaptureDraft extends Draft {
  readonly isChanged: boolean
  readonly set: (draft: CapturePolicy) => void
  readonly discard: () => void
  /** From here on the draft is a change of this version. */
  readonly rebase: (base: CaptureView, draft: CapturePolicy) => void
}

/** Drafts that were left for another page of the console, by the slug of the organization. */
const left = new Map<string, Draft>()

/**
 * Keeps the draft, also while other pages of the console are looked at. A newer version from the server is followed only while
 * nothing was changed here.
 */
export function useCaptureDraft(slug: string, capture: CaptureView): CaptureDraft {
  const [state, setState] = useState<Draft>({ base: capture, draft: capture.policy })
  const { base, draft } = state
  const isChanged = !isSame(base.policy, draft)
  if (!isChanged && base !== capture && !isSame(base, capture))
    setState({ base: capture, draft: capture.policy })

  // Only after the first rendering, which must be the same as the server's.
  useEffect(() => {
    const kept = left.get(slug)
    if (kept) setState(kept)
  }, [slug])
  useEffect(() => {
    if (!isChanged) return
    left.set(slug, { base, draft })
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener("beforeunload", ask)
    return () => window.removeEventListener("beforeunload", ask)
  }, [slug, isChanged, base, draft])

  const settle = (next: Draft) => {
    left.delete(slug)
    setState(next)
  }
  return {
    ...{ base, draft, isChanged },
    set: next => settle({ base, draft: next }),
    discard: () => settle({ base, draft: base.policy }),
    rebase: (nextBase, nextDraft) => settle({ base: nextBase, draft: nextDraft }),
  }
}
