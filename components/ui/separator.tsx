import { cn } from "./cn"

/** A hairline between things; decoration only. */
export function Separator({
  vertical,
  className,
}: {
  readonly vertical?: boolean
  readonly className?: string
}) {
  return (
    <div
      aria-hidden="true"
      className={cn("shrink-0 bg-border", vertical ? "w-px self-stretch" : "h-px w-full", className)}
    />
  )
}
