import Link from "next/link"
import type { Through } from "@/components/access-control/roles/role"
import {
  Table,
  TableBody,
  TableCaption,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table"
import { type Effect, inWords, type Reason } from "./member"

export interface WhyTableProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly name: string
  readonly effect: Effect
}

/** Every permission that a member holds, and every role that gives it to them. */
export function WhyTable({ slug, name, effect }: WhyTableProps) {
  const { held, withheld } = effect
  if (held.length === 0 && withheld.length === 0) {
    return <p className="text-sm text-muted-foreground">None: no role gives {name} a permission.</p>
  }
  return (
    <div className="grid gap-2">
      {held.length === 0 ? null : (
        <div className="overflow-x-auto rounded-md border bg-card">
          <Table className="table-stacked">
            <TableCaption>What {name} may do, and which roles give it.</TableCaption>
            <TableHeader>
              <tr>
                <TableHead>Permission</TableHead>
                <TableHead>Why</TableHead>
              </tr>
            </TableHeader>
            <TableBody>
              {held.map(({ permission, description, reasons }) => (
                <TableRow key={permission}>
                  <TableCell className="align-top! sm:w-1/2">
                    <span className="block font-data text-xs">{permission}</span>
                    <span className="block text-xs text-muted-foreground text-pretty">{description}</span>
                  </TableCell>
                  <TableCell data-label="Why" className="align-top!">
                    <Reasons slug={slug} reasons={reasons} />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      )}
      <Withheld
        withheld={withheld.filter(each => !isForNoApp(each))}
        why="held to some apps, a role cannot give what reaches every app."
      />
      <Withheld
        withheld={withheld.filter(isForNoApp)}
        why="the role is for no app: its limits have nothing in common."
      />
    </div>
  )
}

type WithheldPermission = Effect["withheld"][number]

function isForNoApp({ reasons }: WithheldPermission): boolean {
  return reasons.every(({ apps }) => apps?.length === 0)
}

function Withheld({
  withheld,
  why,
}: {
  readonly withheld: readonly WithheldPermission[]
  readonly why: string
}) {
  if (withheld.length === 0) return null
  return (
    <p className="max-w-prose text-sm text-muted-foreground text-pretty">
      {inWords(withheld.map(({ permission }) => permission))} of{" "}
      {inWords(rolesOf(withheld.flatMap(({ reasons }) => reasons)))} {withheld.length === 1 ? "is" : "are"}{" "}
      not given: {why}
    </p>
  )
}

function rolesOf(reasons: readonly Reason[]): readonly string[] {
  return [...new Set(reasons.map(({ role }) => role.name))]
}

function Reasons({ slug, reasons }: { readonly slug: string; readonly reasons: readonly Reason[] }) {
  return (
    <ul className="grid gap-1">
      {reasons.map(({ role, through, includedIn, apps }) => (
        <li key={JSON.stringify([role.id, through])} className="text-pretty">
          {role.name} <ThroughWhat slug={slug} through={through} />
          {includedIn === null ? null : (
            <span className="text-muted-foreground">
              , included in <span className="font-data text-xs">{includedIn}</span>
            </span>
          )}
          {apps === null || (through.kind === "app" && apps.length > 0) ? null : (
            <span className="text-muted-foreground">
              ,{" "}
              {apps.length === 0
                ? "for no app: its limits have nothing in common"
                : `only for ${inWords(apps)}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** How a role is held, as a link to the group or app. */
export function ThroughWhat({ slug, through }: { readonly slug: string; readonly through: Through }) {
  if (through.kind === "directly") return <span className="text-muted-foreground">directly</span>
  const settings = `/${slug}/admin/settings`
  const isGroup = through.kind === "group"
  return (
    <span className="text-muted-foreground">
      {isGroup ? "through group " : "in app "}
      <Link
        href={
          isGroup ? `${settings}/access-control/groups/${through.id}` : `${settings}/apps/${through.slug}`
        }
        className="text-link underline underline-offset-2"
      >
        {through.name}
      </Link>
    </span>
  )
}
