"use client"

import { CloudAlert } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { Button } from "@/components/ui/button"
import { EmptyState } from "@/components/ui/empty-state"
import type { ErrorCode } from "@/lib/errors"

export interface RefusedProps {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterSeconds: number | undefined
}

/** A page that could not be made just now: why, when to come back, and the button that tries again. */
export function Refused({ code, message, retryAfterSeconds }: RefusedProps) {
  const router = useRouter()
  const [pending, start] = useTransition()
  return (
    <EmptyState
      icon={CloudAlert}
      title="This page is not available right now"
      level={1}
      actions={
        <Button variant="primary" pending={pending} onClick={() => start(() => router.refresh())}>
          Try again
        </Button>
      }
    >
      <p>{message}</p>
      {retryAfterSeconds ? <p>It should work again in {retryAfterSeconds} seconds.</p> : null}
      <p className="mt-2 font-data text-xs">{code}</p>
    </EmptyState>
  )
}
