import { Page } from "@/components/navigation/page"
import { PageHeader } from "@/components/navigation/page-header"
import { Skeleton } from "@/components/ui/skeleton"
import { sinksPurpose } from "./words"

/** The list of sinks before it is there: its head, and the places of a few rows. */
export function SinksSkeleton() {
  return (
    <Page>
      <PageHeader
        title="Sinks"
        description={sinksPurpose}
        actions={
          <>
            <Skeleton className="h-8 w-24" />
            <Skeleton className="h-8 w-24" />
          </>
        }
      />
      <div role="status" className="grid gap-px rounded-md border bg-card p-3">
        <span className="sr-only">The sinks are being loaded.</span>
        {[0, 1, 2].map(row => (
          <Skeleton key={row} className="my-1.5 h-8 w-full" />
        ))}
      </div>
    </Page>
  )
}
