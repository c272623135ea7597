import { cn } from "./cn"

/** A grey placeholder for loading content. Give it the final size, so that nothing moves when the content arrives. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cn("block animate-pulse rounded-sm bg-accent", className)} />
}
