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

/** The organization's apps, which send events into its log. */
export function AppsTable({ slug, apps }: AppsTableProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Apps of the organization.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Name</TableHead>
            <TableHead>Slug</TableHead>
            <TableHead className="text-right">Active keys</TableHead>
            <TableHead>Key last used</TableHead>
            <TableHead>Created</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {apps.map(app => (
            <TableRow key={app.id} className="hover:bg-muted">
              <NameCell slug={slug} app={app} />
              <SlugCell app={app} />
              <TableCell data-label="Active keys" className="text-right">
                {app.builtIn ? (
                  <span className="text-muted-foreground">None needed</span>
                ) : (
                  <span>
                    {app.activeKeys}
                    {app.idleKeys > 0 ? (
                      <span className="block text-xs text-denied">{app.idleKeys} unused for 90 days</span>
                    ) : null}
                  </span>
                )}
              </TableCell>
              <TableCell data-label="Last used">
                <TimeOrWord at={app.lastUsedAt} word={app.builtIn ? "–" : "Never"} />
              </TableCell>
              <TableCell data-label="Created">
                <TimeOrWord at={app.createdAt} word="" format="day" />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

/** The archived apps, and when they were archived. */
export function ArchivedAppsTable({ slug, apps }: AppsTableProps) {
  return (
    <div className="overflow-x-auto rounded-md border bg-card">
      <Table className="table-stacked">
        <TableCaption>Archived apps of the organization.</TableCaption>
        <TableHeader>
          <tr>
            <TableHead>Name</TableHead>
            <TableHead>Slug</TableHead>
            <TableHead>Archived</TableHead>
            <TableHead>Key last used</TableHead>
            <TableHead>Created</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {apps.map(app => (
            <TableRow key={app.id} className="hover:bg-muted">
              <NameCell slug={slug} app={app} />
              <SlugCell app={app} />
              <TableCell data-label="Archived">
                <TimeOrWord at={app.archivedAt} word="" />
              </TableCell>
              <TableCell data-label="Last used">
                <TimeOrWord at={app.lastUsedAt} word="Never" />
              </TableCell>
              <TableCell data-label="Created">
                <TimeOrWord at={app.createdAt} word="" format="day" />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

interface CellProps {
  readonly app: AppRow
}

function NameCell({ slug, app }: CellProps & { readonly slug: string }) {
  return (
    <TableCell className="min-w-40 font-medium sm:w-3/10">
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
  )
}

function SlugCell({ app }: CellProps) {
  return (
    <TableCell data-label="Slug" className="font-data wrap-anywhere text-muted-foreground sm:w-1/5">
      {app.slug}
    </TableCell>
  )
}
