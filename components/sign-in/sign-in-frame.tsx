import type { ReactNode } from "react"
import { FocusKeeper } from "@/components/navigation/focus-keeper"
import { Logo } from "@/components/navigation/logo"

/** The frame of the pages for visitors who are not signed in. */
export function SignInFrame({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 pt-[max(2rem,14vh)] pb-8">
      <FocusKeeper />
      <header className="mb-6 flex items-center gap-2.5">
        <Logo className="size-8" />
        <span className="text-lg font-semibold">Auditorium</span>
      </header>
      <main className="w-full max-w-sm rounded-md border bg-card p-6">{children}</main>
      <footer className="mt-6 text-center text-xs text-muted-foreground">
        Who did what, to what, when, from where and with which outcome.
      </footer>
    </div>
  )
}
