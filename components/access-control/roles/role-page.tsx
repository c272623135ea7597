import Link from "next/link"
import { Badge } from "@/components/ui/badge"
import { describePermission, type Permission, permissionName } from "@/lib/access/permissions"
import { type Holder, type RoleRow, throughText } from "./role"

export interface RoleFactsProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly role: RoleRow
  readonly holders: {
    readonly members: readonly Holder[]
    readonly groups: readonly { readonly id: string; readonly name: string; readonly members: number }[]
    readonly invitations: readonly { readonly id: string; readonly email: string }[]
  }
}

/** The permissions of a role, its apps, and its holders. */
export function RoleFacts({ slug, role, holders }: RoleFactsProps) {
  const base = `/${slug}/admin/settings/access-control`
  return (
    <div className="grid gap-6">
      <Part title="Permissions" none="None: it says who belongs to the organization, and nothing more.">
        {role.permissions.map(permission => (
          <PermissionLine key={permission} permission={permission} />
        ))}
      </Part>
      <Part title="Apps" none="All apps, also those that are made later.">
        {role.apps.map(app => (
          <li key={app.id} className="px-3 py-2">
            {app.name}
          </li>
        ))}
      </Part>
      <Part title="Held by members" none="No member holds it.">
        {holders.members.map(holder => (
          <li key={holder.personId} className="flex flex-wrap justify-between gap-x-4 px-3 py-2">
            <span className="grid min-w-0">
              <Link
                href={`${base}/members/${holder.personId}`}
                className="font-medium hover:text-link hover:underline"
              >
                {holder.name}
                {holder.status === "active" ? null : (
                  <Badge tone="outline" className="ml-2">
                    Suspended
                  </Badge>
                )}
              </Link>
              <span className="text-xs text-muted-foreground wrap-anywhere">{holder.email}</span>
            </span>
            <span className="text-muted-foreground">{holder.through.map(throughText).join(", ")}</span>
          </li>
        ))}
      </Part>
      <Part title="Held by groups" none="No group holds it.">
        {holders.groups.map(group => (
          <li key={group.id} className="flex flex-wrap justify-between gap-x-4 px-3 py-2">
            <Link href={`${base}/groups/${group.id}`} className="font-medium hover:text-link hover:underline">
              {group.name}
            </Link>
            <span className="text-muted-foreground">
              {group.members} {group.members === 1 ? "member" : "members"}
            </span>
          </li>
        ))}
      </Part>
      <Part title="Carried by invitations" none="No invitation without an answer carries it.">
        {holders.invitations.map(({ id, email }) => (
          <li key={id} className="px-3 py-2 wrap-anywhere">
            {email}
          </li>
        ))}
      </Part>
    </div>
  )
}

function PermissionLine({ permission }: { readonly permission: Permission }) {
  return (
    <li className="grid px-3 py-2">
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium">{permissionName(permission)}</span>
        <code className="font-data text-xs text-muted-foreground">{permission}</code>
      </span>
      <span className="text-xs text-muted-foreground">{describePermission(permission)}</span>
    </li>
  )
}

interface PartProps {
  readonly title: string
  /** Shown when there is nothing to list. */
  readonly none: string
  readonly children: readonly React.ReactNode[]
}

function Part({ title, none, children }: PartProps) {
  return (
    <section aria-label={title} className="grid max-w-3xl gap-2">
      <h3 className="font-medium">{title}</h3>
      {children.length === 0 ? (
        <p className="text-sm text-muted-foreground">{none}</p>
      ) : (
        <ul className="grid divide-y rounded-md border bg-card text-sm">{children}</ul>
      )}
    </section>
  )
}
