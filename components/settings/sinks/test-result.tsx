import { Badge } from "@/components/ui/badge"
import { CodeBlock } from "@/components/ui/code-block"
import type { TestAnswer } from "@/lib/operations/sinks/answers"
import { tookWords } from "./words"

/** What a test send did: the exact bytes, and what the other side answered. */
export function TestResult({ answer }: { readonly answer: TestAnswer }) {
  return (
    <div className="grid gap-3">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <Badge tone={answer.taken ? "success" : "failure"}>{answer.taken ? "Taken" : "Not taken"}</Badge>
        <span>
          {answer.taken ? "The receiver took the event" : "The receiver did not take the event"}, after{" "}
          {tookWords(answer.durationMs)}.
        </span>
      </p>
      {answer.answer === "" ? null : (
        <div className="grid gap-1.5">
          <h3 className="text-sm font-medium">Answer</h3>
          <CodeBlock text={answer.answer} copyLabel="Copy the answer" wrapped />
        </div>
      )}
      {answer.sent === "" ? null : (
        <div className="grid gap-1.5">
          <h3 className="text-sm font-medium">Exactly what was sent</h3>
          <CodeBlock text={answer.sent} copyLabel="Copy what was sent" wrapped />
        </div>
      )}
    </div>
  )
}
