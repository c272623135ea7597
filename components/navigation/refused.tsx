import { CloudAlert } from "lucide-react"
import { buttonVariants } from "@/components/ui/button-variants"
import { EmptyState } from "@/components/ui/empty-state"
import type { ErrorCode } from "@/lib/errors"

export interface RefusedProps {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterSeconds?: number
  /** The id of the request in the server log. */
  readonly requestId?: string
}

/** A page that is temporarily unavailable: why, when to retry, and a link that tries again. */
export function Refused({ code, message, retryAfterSeconds, requestId }: RefusedProps) {
  return (
    <EmptyState
      icon={CloudAlert}
      title="This page is not available right now"
      level={1}
      actions={
        // biome-ignore lint/a11y/useValidAnchor: an empty url is this very page with its query, requested again
        <a href="" className={buttonVariants({ variant: "primary" })}>
          Try again
        </a>
      }
    >
      <p>{message}</p>
      {retryAfterSeconds ? <p>It should work again in {retryAfterSeconds} seconds.</p> : null}
      <p className="mt-2 font-data text-xs wrap-anywhere">
        {code}
        {requestId ? ` · request ${requestId}` : null}
      </p>
    </EmptyState>
  )
}
