import { CloudAlert } from "lucide-react"
import { buttonVariants } from "@/components/ui/button-variants"
import { EmptyState } from "@/components/ui/empty-state"
import type { ErrorCode } from "@/lib/errors"

export interface RefusedProps {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterSeconds?: number
  /** Under which the server's own log knows the request. */
  readonly requestId?: string
}

/** A page that could not be made just now: why, when to come back, and the link that tries again. */
export function Refused({ code, message, retryAfterSeconds, requestId }: RefusedProps) {
  return (
    <EmptyState
      icon={CloudAlert}
      title="This page is not available right now"
      level={1}
      actions={
        // biome-ignore lint/a11y/useValidAnchor: an empty address is this very page, asked for anew, question included
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
