"use client"

import { Lock, LogIn, type LucideIcon, SearchX } from "lucide-react"
import { type ReactNode, useEffect, useRef } from "react"
import { useAccess } from "@/components/audit-log/access-context"
import { logPath } from "@/components/audit-log/query/address"
import { useLogQuery } from "@/components/audit-log/query-context"
import type { FetchFailure } from "@/components/audit-log/request"
import { buttonVariants } from "@/components/ui/button-variants"
import { EmptyState } from "@/components/ui/empty-state"

/** The page while its reader may see it; from the first refusal on only the reason, and a link onward. */
export function WhilePermitted({ children }: { readonly children: ReactNode }) {
  const { lost } = useAccess()
  if (lost) return <Lost failure={lost} />
  return <div className="flex items-start">{children}</div>
}

interface Words {
  readonly icon: LucideIcon
  readonly title: string
  readonly text: string
  /** A link onward. */
  readonly leads: string
  readonly to: (address: string) => string
}

const signedOut: Words = {
  icon: LogIn,
  title: "You are signed out",
  text: "Your session has ended or was ended, so the log is not shown any more.",
  leads: "Sign in again",
  // When requested again, the page itself redirects to the sign-in page and back; it can also carry a long url.
  to: address => address,
}

const forbidden: Words = {
  icon: Lock,
  title: "You may no longer see this log",
  text: "The permission to see it was removed while this page was open.",
  leads: "See who can grant it",
  to: address => address,
}

const outside: Words = {
  icon: SearchX,
  title: "You no longer belong to this organization",
  text: "Your membership ended or was suspended while this page was open, so the log is not shown any more.",
  leads: "Your organizations",
  to: () => "/",
}

/** Takes the focus from the element that disappeared. */
function Lost({ failure }: { readonly failure: FetchFailure }) {
  const { slug } = useLogQuery()
  const words = failure.status === 401 ? signedOut : failure.status === 403 ? forbidden : outside
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} role="alert" tabIndex={-1} className="outline-none">
      <EmptyState
        icon={words.icon}
        title={words.title}
        level={1}
        actions={
          <a href={words.to(logPath(slug))} className={buttonVariants({ variant: "primary" })}>
            {words.leads}
          </a>
        }
      >
        <p>{words.text}</p>
      </EmptyState>
    </div>
  )
}
