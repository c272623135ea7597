"use client"

import { useState } from "react"
import { FormFailure } from "@/components/form/form-failure"
import { type Failure, type Submit, useSubmit } from "@/components/form/use-submit"
import { CaptureSection } from "@/components/settings/capture/section"
import { Button } from "@/components/ui/button"
import type { SinkAnswer, SinkKindAnswer, SinkTest, TestAnswer } from "@/lib/operations/sinks/answers"
import { draftFrom, inputNames } from "./form-input"
import { withoutDraft } from "./test-faults"
import { TestResult } from "./test-result"

interface DraftTestProps {
  readonly kind: SinkKindAnswer
  /** Null for a new sink. */
  readonly sink: SinkAnswer | null
  readonly test: Submit<TestAnswer, SinkTest>
}

/** The test of what is entered. Its faults belong to the same inputs as those of saving. */
export interface DraftTest {
  readonly answer: TestAnswer | null
  readonly pending: boolean
  readonly failure: Failure | null
  /** The test was begun after the last attempt to save. */
  readonly isLatest: boolean
  readonly send: (data: FormData) => void
  /** From here on the form is about saving. */
  readonly leave: () => void
}

/** Returns the test of the form. */
export function useDraftTest({ kind, sink, test }: DraftTestProps): DraftTest {
  const [answer, setAnswer] = useState<TestAnswer | null>(null)
  const [isLatest, setLatest] = useState(false)
  const { pending, failure, submit } = useSubmit(withoutDraft(test), inputNames(kind), setAnswer)
  const send = (data: FormData) => {
    setAnswer(null)
    setLatest(true)
    const draft = draftFrom(data, kind, sink)
    const named = { ...draft, name: draft.name || kind.label }
    submit(sink === null ? { draft: named } : { id: sink.id, draft: named })
  }
  return { answer, pending, failure, isLatest, send, leave: () => setLatest(false) }
}

export interface DraftTestSectionProps {
  readonly tested: DraftTest
  /** What the answer of this kind proves; shown until there is one. */
  readonly proof: string
  readonly onTest: () => void
}

/** The button that sends a made-up event with what is entered, and what came of it. */
export function DraftTestSection({ tested, proof, onTest }: DraftTestSectionProps) {
  return (
    <CaptureSection
      id="sink-test"
      title="Test"
      description="Sends one made-up event, marked as a test, with what is entered above. Nothing is saved."
      actions={
        <Button pending={tested.pending} onClick={onTest}>
          Send a test event
        </Button>
      }
    >
      <FormFailure failure={tested.isLatest ? tested.failure : null} />
      <div aria-live="polite">
        {tested.answer ? (
          <TestResult answer={tested.answer} />
        ) : (
          <p className="text-sm text-muted-foreground text-pretty">{proof}</p>
        )}
      </div>
    </CaptureSection>
  )
}
