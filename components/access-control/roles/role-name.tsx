import Link from "next/link"
import { Badge } from "@/components/ui/badge"

export interface RoleNameProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly role: {
    readonly id: string
    readonly name: string
    readonly description: string
    readonly builtIn: boolean
  }
}

/** A role in a table: its name with a link to its page, and its description. */
export function RoleName({ slug, role }: RoleNameProps) {
  return (
    <span className="grid min-w-36">
      <span>
        <Link
          href={`/${slug}/admin/settings/access-control/roles/${role.id}`}
          className="rounded-sm font-medium wrap-anywhere hover:text-link hover:underline"
        >
          {role.name}
        </Link>
        {role.builtIn ? (
          <Badge tone="outline" className="ml-2">
            Built in
          </Badge>
        ) : null}
      </span>
      {role.description ? (
        <span className="text-xs text-muted-foreground text-pretty">{role.description}</span>
      ) : null}
    </span>
  )
}
