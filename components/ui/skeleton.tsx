import { cn } from "./cn"

/** The grey shape of what is on its way. Give it the size of the thing, so that nothing moves when it arrives. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cn("block animate-pulse rounded-sm bg-accent", className)} />
}
