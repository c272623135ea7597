import { columnIds, columnLabels, columnPlaces } from "@/components/audit-log/table/column-places"
import { Skeleton } from "@/components/ui/skeleton"

const rowCount = 16

/** Widths of the bars within their columns, so that they look like words of different lengths. */
const barWidths: Readonly<Record<(typeof columnIds)[number], readonly string[]>> = {
  when: ["w-36"],
  who: ["w-24", "w-32", "w-20", "w-28"],
  what: ["w-64", "w-48", "w-72", "w-56", "w-40"],
  target: ["w-28", "w-36", "w-24"],
  app: ["w-20", "w-16"],
  where: ["w-24"],
  status: ["w-18"],
}

/** Placeholders for the rows, with the widths of the table itself. */
export function TableSkeleton() {
  return (
    <table className="w-full table-fixed border-separate border-spacing-0 text-sm" aria-hidden="true">
      <thead className="@max-lg:hidden">
        <tr>
          {columnIds.map(id => (
            <th
              key={id}
              className={`h-8 border-y px-3 text-left text-xs font-medium text-muted-foreground ${columnPlaces[id].head}`}
            >
              {columnLabels[id]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: rowCount }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shapes without meaning
          <tr key={row} className="@lg:h-row @max-lg:block @max-lg:border-b @max-lg:px-4 @max-lg:py-3">
            {columnIds.map((id, column) => (
              <td
                key={id}
                className={`@lg:border-b @lg:px-3 @max-lg:not-[:nth-child(-n+3)]:hidden @max-lg:block @max-lg:py-1 ${columnPlaces[id].skeleton}`}
              >
                <Skeleton
                  className={`h-3.5 max-w-full ${barWidths[id][(row * 7 + column) % barWidths[id].length]}`}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The page before its first result. */
export function LogSkeleton() {
  return (
    <div aria-busy="true" className="@container">
      <p role="status" className="sr-only">
        Loading the audit log
      </p>
      <div className="grid gap-4 px-4 pt-5 pb-4 @3xl:px-6">
        <div className="flex items-start justify-between gap-4">
          <div className="grid gap-2">
            <h1 className="text-xl font-semibold">Audit Logs</h1>
            <p className="flex h-5 items-center gap-3 text-sm text-muted-foreground">
              <Skeleton className="h-4 w-64 max-w-full" />
              <span className="animate-[appear_200ms_3s_both]">Still searching</span>
            </p>
          </div>
          <Skeleton className="h-8 w-24" />
        </div>
        <div className="flex flex-wrap gap-2">
          <Skeleton className="h-8 flex-1 basis-64" />
          <Skeleton className="h-8 w-56" />
          <Skeleton className="h-8 w-24" />
          {["w-18", "w-28", "w-22", "w-20", "w-22", "w-26"].map((width, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: shapes without meaning
            <Skeleton key={index} className={`h-8 ${width}`} />
          ))}
        </div>
      </div>
      <TableSkeleton />
    </div>
  )
}
