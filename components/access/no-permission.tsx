import { Lock } from "lucide-react"
import { EmptyState } from "@/components/ui/empty-state"
import { describePermission, type Permission } from "@/lib/access/permissions"

export interface NoPermissionProps {
  readonly permission: Permission
  /** Members who can grant it. */
  readonly administrators: readonly { readonly name: string; readonly email: string }[]
}

/** The page for a reader without a permission: which one is missing, and who can grant it. No data. */
export function NoPermission({ permission, administrators }: NoPermissionProps) {
  return (
    <EmptyState icon={Lock} title="You do not have access to this page" level={1}>
      <p>
        It needs the permission <code className="font-data text-foreground">{permission}</code>:{" "}
        {describePermission(permission)}
      </p>
      {administrators.length === 0 ? (
        <p className="mt-2">Nobody in this organization can grant it at the moment.</p>
      ) : (
        <>
          <p className="mt-4 mb-2">
            {administrators.length === 1
              ? "This administrator can grant it:"
              : "These administrators can grant it:"}
          </p>
          <ul className="mx-auto grid w-full max-w-sm divide-y rounded-md border bg-card text-left text-sm">
            {administrators.map(({ name, email }) => (
              <li key={email} className="flex flex-wrap justify-between gap-x-4 px-3 py-2">
                <span className="font-medium text-foreground wrap-anywhere">{name}</span>
                <a
                  href={`mailto:${encodeURIComponent(email)}`}
                  className="text-link wrap-anywhere hover:underline"
                >
                  {email}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </EmptyState>
  )
}
