"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { cn } from "@/components/ui/cn"
import type { Permission } from "@/lib/access/permissions"

const tabs = [
  { label: "Roles", path: "roles", permission: "ROLE-MANAGEMENT" },
  { label: "Groups", path: "groups", permission: "ROLE-MANAGEMENT" },
  { label: "Members", path: "members", permission: "MEMBER-MANAGEMENT" },
  { label: "Invitations", path: "invitations", permission: "MEMBER-MANAGEMENT" },
] as const satisfies readonly { label: string; path: string; permission: Permission }[]

export interface AccessControlTabsProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly permissions: readonly Permission[]
}

/** The tabs of access control; each is a page with its own url. */
export function AccessControlTabs({ slug, permissions }: AccessControlTabsProps) {
  const pathname = usePathname()
  return (
    <nav aria-label="Access Control" className="flex gap-5 overflow-x-auto border-b">
      {tabs
        .filter(({ permission }) => permissions.includes(permission))
        .map(({ label, path }) => {
          const href = `/${slug}/admin/settings/access-control/${path}`
          const isHere = pathname === href || pathname.startsWith(`${href}/`)
          return (
            <Link
              key={path}
              href={href}
              aria-current={isHere ? "page" : undefined}
              className={cn(
                "-mb-px flex h-9 items-center border-b-2 border-transparent text-sm font-medium whitespace-nowrap text-muted-foreground transition-colors",
                "hover:text-foreground focus-visible:outline-offset-[-2px] aria-[current]:border-primary aria-[current]:text-foreground",
              )}
            >
              {label}
            </Link>
          )
        })}
    </nav>
  )
}
