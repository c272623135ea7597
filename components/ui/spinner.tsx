import { LoaderCircle } from "lucide-react"
import { cn } from "./cn"

/** A spinner; hidden from screen readers, which announce `aria-busy` or the words beside it. */
export function Spinner({ className }: { readonly className?: string }) {
  return <LoaderCircle aria-hidden="true" className={cn("size-4 animate-spin", className)} />
}
