"use client"

import { useState } from "react"
import { FormFailure } from "@/components/form/form-failure"
import { type Submit, useSubmit } from "@/components/form/use-submit"
import { CaptureSection } from "@/components/settings/capture/section"
import { Button } from "@/components/ui/button"
import type { SinkTest, TestAnswer } from "@/lib/operations/sinks/answers"
import { TestResult } from "./test-result"

export interface TestSendProps {
  readonly id: string
  readonly test: Submit<TestAnswer, SinkTest>
}

/** Sends a made-up event to a saved sink, and shows the exact bytes and the answer. */
export function TestSend({ id, test }: TestSendProps) {
  const [answer, setAnswer] = useState<TestAnswer | null>(null)
  const { pending, failure, submit } = useSubmit(test, [], setAnswer)
  return (
    <CaptureSection
      id="sink-test"
      title="Test"
      description="Sends one made-up event, marked as a test. It does not count as delivered, and is not in the log."
      actions={
        <Button
          pending={pending}
          onClick={() => {
            setAnswer(null)
            submit({ id })
          }}
        >
          Send a test event
        </Button>
      }
    >
      <FormFailure failure={failure} />
      <div aria-live="polite">{answer === null ? null : <TestResult answer={answer} />}</div>
    </CaptureSection>
  )
}
