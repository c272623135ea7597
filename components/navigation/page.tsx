import type { ReactNode } from "react"

/** The room of an ordinary page: its parts below each other, not wider than can be read. */
export function Page({ children }: { readonly children: ReactNode }) {
  return <div className="grid max-w-6xl gap-6 px-4 py-6 sm:px-6">{children}</div>
}
