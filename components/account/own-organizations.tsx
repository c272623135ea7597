import { ChevronRight } from "lucide-react"
import Link from "next/link"

export interface OwnOrganizationsProps {
  readonly organizations: readonly { readonly id: string; readonly slug: string; readonly name: string }[]
}

/** The organizations in which the person is an active member, each with a link. */
export function OwnOrganizations({ organizations }: OwnOrganizationsProps) {
  if (organizations.length === 0) {
    return (
      <p className="text-pretty">
        You are not a member of an organization yet. An administrator can invite you by your e-mail address.
      </p>
    )
  }
  return (
    <ul className="grid divide-y rounded-md border">
      {organizations.map(({ id, slug, name }) => (
        <li key={id}>
          <Link
            href={`/${slug}`}
            className="flex items-center gap-3 rounded-md px-3 py-2 text-sm focus-inset hover:bg-muted"
          >
            <span className="grid min-w-0 flex-1">
              <span className="font-medium wrap-anywhere">{name}</span>
              <span className="font-data text-xs text-muted-foreground">{slug}</span>
            </span>
            <ChevronRight aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
          </Link>
        </li>
      ))}
    </ul>
  )
}
