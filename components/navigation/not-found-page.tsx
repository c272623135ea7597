import { SearchX } from "lucide-react"
import Link from "next/link"
import { Button } from "@/components/ui/button"
import { EmptyState } from "@/components/ui/empty-state"

/** One page for everything unknown, foreign or out of reach: it does not say which of them it is. */
export function NotFoundPage() {
  return (
    <EmptyState
      icon={SearchX}
      title="There is nothing here"
      level={1}
      actions={
        <Button asChild variant="primary">
          <Link href="/">Go to your organization</Link>
        </Button>
      }
    >
      <p>The address is wrong, or it names something that does not exist or that you may not see.</p>
    </EmptyState>
  )
}
