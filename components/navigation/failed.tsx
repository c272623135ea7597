"use client"

import { TriangleAlert } from "lucide-react"
import { Button } from "@/components/ui/button"
import { CopyButton } from "@/components/ui/copy-button"
import { EmptyState } from "@/components/ui/empty-state"

export interface FailedProps {
  readonly error: unknown
  readonly retry: () => void
}

/** A page that failed on our side: what to tell whoever runs the console, and the button that tries again. */
export function Failed({ error, retry }: FailedProps) {
  const reference = referenceOf(error)
  return (
    <EmptyState
      icon={TriangleAlert}
      title="Something went wrong on our side"
      level={1}
      actions={
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
      }
    >
      <p>
        Nothing that was accepted is lost. If it goes on, give the reference below to whoever runs this
        console.
      </p>
      {reference ? (
        <p className="mt-3 flex items-center justify-center gap-1 text-sm">
          Reference <code className="font-data text-foreground">{reference}</code>
          <CopyButton value={reference} label="Copy reference" />
        </p>
      ) : null}
    </EmptyState>
  )
}

// The server's log holds the error under the same digest; the error's own words stay on the server.
function referenceOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("digest" in error)) return null
  return typeof error.digest === "string" ? error.digest : null
}
