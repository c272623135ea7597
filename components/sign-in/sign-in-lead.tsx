import type { ReactNode } from "react"

/** The purpose of a sign-in page: its one h1 and a sentence or two. */
export function SignInLead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="mb-5 grid gap-1">
      <h1 className="text-xl font-semibold">{title}</h1>
      {children ? <p className="text-sm text-muted-foreground text-pretty">{children}</p> : null}
    </div>
  )
}
