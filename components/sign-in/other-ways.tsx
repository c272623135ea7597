import { Mail } from "lucide-react"
import Link from "next/link"
import type { ReactNode } from "react"
import { buttonVariants } from "@/components/ui/button-variants"

export interface OtherWaysProps {
  /** A path of this site in the form of a url parameter (`carryPath`). */
  readonly carried: string
  /** Further ways, each a button of full width; they come first. */
  readonly children?: ReactNode
}

/** The ways to sign in without a password. */
export function OtherWays({ carried, children }: OtherWaysProps) {
  const query = carried === "/" ? "" : `?return=${encodeURIComponent(carried)}`
  return (
    <section aria-label="Other ways to sign in" className="mt-5 grid gap-3">
      <p aria-hidden="true" className="flex items-center gap-3 text-xs text-muted-foreground">
        <span className="h-px flex-1 bg-border" />
        or
        <span className="h-px flex-1 bg-border" />
      </p>
      {children}
      <Link href={`/sign-in/e-mail${query}`} className={buttonVariants({ size: "lg" })}>
        <Mail aria-hidden="true" />
        E-mail me a sign-in link
      </Link>
    </section>
  )
}
