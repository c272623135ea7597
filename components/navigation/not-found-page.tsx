import { SearchX } from "lucide-react"
import Link from "next/link"
import { buttonVariants } from "@/components/ui/button-variants"
import { EmptyState } from "@/components/ui/empty-state"

/** One page for everything unknown, of another organization or without permission: it does not reveal which. */
export function NotFoundPage() {
  return (
    <EmptyState
      icon={SearchX}
      title="There is nothing here"
      level={1}
      actions={
        <Link href="/" className={buttonVariants({ variant: "primary" })}>
          Go to your organization
        </Link>
      }
    >
      <p>The URL is wrong, or it names something that does not exist or that you may not see.</p>
    </EmptyState>
  )
}
