import { LoaderCircle } from "lucide-react"
import { cn } from "./cn"

/** A turning circle; says nothing to a screen reader, which hears `aria-busy` or the words beside it. */
export function Spinner({ className }: { readonly className?: string }) {
  return <LoaderCircle aria-hidden="true" className={cn("size-4 animate-spin", className)} />
}
