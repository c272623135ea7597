import Link from "next/link"
import { TimeOrWord } from "@/components/settings/time-or-word"
import { Badge } from "@/components/ui/badge"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import type { AppRow } from "./app-row"

export interface AppsTableProps {
  readonly slug: string
  readonly apps: readonly AppRow[]
}

/** The organization's apps: who sends events into its log. */
export function AppsTable({ slug, apps }: AppsTableProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Apps of the organization. Times are in UTC.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Name</TableHead>
            <TableHead>Slug</TableHead>
            <TableHead className="text-right">Active keys</TableHead>
            <TableHead>Key last used (UTC)</TableHead>
            <TableHead>Created (UTC)</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {apps.map(app => (
            <TableRow key={app.id} className="hover:bg-muted">
              <TableCell className="min-w-40 font-medium">
                <Link
                  href={`/${slug}/admin/settings/apps/${app.slug}`}
                  className="rounded-sm wrap-anywhere hover:text-link hover:underline"
                >
                  {app.name}
                </Link>
                {app.builtIn ? (
                  <Badge tone="outline" className="ml-2">
                    Built in
                  </Badge>
                ) : null}
              </TableCell>
              <TableCell data-label="Slug" className="font-data text-muted-foreground">
                {app.slug}
              </TableCell>
              <TableCell data-label="Active keys" className="text-right">
                {app.builtIn ? <span className="text-muted-foreground">None needed</span> : app.activeKeys}
              </TableCell>
              <TableCell data-label="Last used (UTC)">
                <TimeOrWord at={app.lastUsedAt} word={app.builtIn ? "–" : "Never"} />
              </TableCell>
              <TableCell data-label="Created (UTC)">
                <TimeOrWord at={app.createdAt} word="" format="day" />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
