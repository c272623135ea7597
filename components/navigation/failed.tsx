"use client"

export interface FailedProps {
  readonly error: unknown
  readonly retry: () => void
}

/**
 * A page that failed on our side: what to tell the operator, and a button that tries again. It is part of every page and
 * must work when the rest does not, so it contains only text and one button.
 */
export function Failed({ error, retry }: FailedProps) {
  const reference = referenceOf(error)
  return (
    <div role="alert" className="mx-auto max-w-lg px-4 py-16 text-center">
      <h1 className="text-lg font-semibold">Something went wrong on our side</h1>
      <p className="mt-1 text-balance text-muted-foreground">
        Nothing that was accepted is lost. If it goes on, tell whoever runs this console
        {reference ? " the reference below." : "."}
      </p>
      {reference ? (
        <p className="mt-3 text-sm text-muted-foreground">
          Reference <code className="font-data text-foreground select-all">{reference}</code>
        </p>
      ) : null}
      <button
        type="button"
        onClick={retry}
        className="mt-5 h-8 rounded-md bg-primary px-3 text-sm font-medium text-primary-foreground transition-colors hover:bg-primary-hover"
      >
        Try again
      </button>
    </div>
  )
}

// The server log contains the error under the same digest; its message stays on the server.
function referenceOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("digest" in error)) return null
  return typeof error.digest === "string" ? error.digest : null
}
