"use client"

import { Lock, LogIn, SearchX } from "lucide-react"
import type { ReactNode } from "react"
import { useLog } from "@/components/audit-log/log-context"
import { logPath } from "@/components/audit-log/question/address"
import type { FetchFailure } from "@/components/audit-log/request"
import { buttonVariants } from "@/components/ui/button-variants"
import { EmptyState } from "@/components/ui/empty-state"

/** The page for as long as its reader may see it; from the first refusal on only the words that say why, and the way on. */
export function WhilePermitted({ children }: { readonly children: ReactNode }) {
  const { lost } = useLog()
  if (lost) return <Lost failure={lost} />
  return <div className="flex items-start">{children}</div>
}

function Lost({ failure }: { readonly failure: FetchFailure }) {
  const { slug } = useLog()
  const address = logPath(slug)
  const look = buttonVariants({ variant: "primary" })
  if (failure.status === 401) {
    return (
      <div role="alert">
        <EmptyState
          icon={LogIn}
          title="You are signed out"
          level={1}
          actions={
            <a href={`/sign-in?return=${encodeURIComponent(address)}`} className={look}>
              Sign in again
            </a>
          }
        >
          <p>Your session has ended or was ended, so the log is not shown any more.</p>
        </EmptyState>
      </div>
    )
  }
  if (failure.status === 403) {
    return (
      <div role="alert">
        <EmptyState
          icon={Lock}
          title="You may no longer see this log"
          level={1}
          actions={
            <a href={address} className={look}>
              See who can grant it
            </a>
          }
        >
          <p>The permission to see it was taken away while this page was open.</p>
        </EmptyState>
      </div>
    )
  }
  return (
    <div role="alert">
      <EmptyState
        icon={SearchX}
        title="You no longer belong to this organization"
        level={1}
        actions={
          <a href="/" className={look}>
            Your organizations
          </a>
        }
      >
        <p>
          Your membership ended or was suspended while this page was open, so the log is not shown any more.
        </p>
      </EmptyState>
    </div>
  )
}
