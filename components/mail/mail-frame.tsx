import type { ReactNode } from "react"
import { Logo } from "@/components/navigation/logo"
import { PageHeader } from "@/components/navigation/page-header"
import { KeepFresh } from "./keep-fresh"

export interface MailFrameProps {
  readonly title: string
  readonly description?: string
  readonly above?: ReactNode
  /** Shows new mails without a reload. */
  readonly refreshing?: boolean
  readonly children: ReactNode
}

/** The frame of the pages of caught mail. They belong to no account: there is no navigation. */
export function MailFrame({ title, description, above, refreshing, children }: MailFrameProps) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-5xl flex-col px-4 py-6 sm:px-6">
      <header className="mb-6 flex items-center gap-2.5">
        <Logo className="size-6" />
        <span className="font-semibold">Auditorium</span>
      </header>
      <main className="grid min-w-0 gap-5">
        <PageHeader title={title} description={description} above={above} />
        {children}
      </main>
      {refreshing ? <KeepFresh /> : null}
    </div>
  )
}
