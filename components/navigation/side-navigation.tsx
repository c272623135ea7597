"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { cn } from "@/components/ui/cn"
import type { Permission } from "@/lib/access/permissions"
import { adminPath, adminPlacesFor } from "./places"

export interface SideNavigationProps {
  readonly slug: string
  readonly permissions: readonly Permission[]
  /** Called when a link is followed, for a panel that should then close. */
  readonly onFollow?: () => void
}

/** The left navigation: Admin, which has its own page, and the places under it. */
export function SideNavigation({ slug, permissions, onFollow }: SideNavigationProps) {
  const pathname = usePathname()
  const admin = `/${slug}${adminPath}`
  return (
    <nav aria-label="Organization" className="grid gap-5 px-3 py-4">
      <section aria-labelledby="navigation-admin">
        {/* Not a heading: it comes before the page's own first one. */}
        <p id="navigation-admin" className="pb-1.5">
          {/* The places stay visible, also in a panel: Admin is an intermediate page, not a destination. */}
          <Link
            href={admin}
            aria-current={pathname === admin ? "page" : undefined}
            className="flex h-7 items-center rounded-md px-2 text-xs font-medium text-muted-foreground transition-colors hover:bg-accent hover:text-foreground aria-[current]:bg-accent aria-[current]:text-foreground"
          >
            Admin
          </Link>
        </p>
        <ul className="grid gap-0.5">
          {adminPlacesFor(permissions).map(({ path, label, icon: Icon }) => {
            const href = `/${slug}${path}`
            const here = pathname === href || pathname.startsWith(`${href}/`)
            return (
              <li key={path}>
                <Link
                  href={href}
                  onClick={onFollow}
                  // The current page need not be prefetched.
                  {...(here && { prefetch: false })}
                  aria-current={pathname === href ? "page" : here ? "true" : undefined}
                  className={cn(
                    "flex h-8 items-center gap-2 rounded-md px-2 text-sm transition-colors",
                    here
                      ? "bg-accent font-medium"
                      : "text-muted-foreground hover:bg-accent hover:text-foreground",
                  )}
                >
                  <Icon aria-hidden="true" className={cn("size-4 shrink-0", here && "text-link")} />
                  {label}
                </Link>
              </li>
            )
          })}
        </ul>
      </section>
    </nav>
  )
}
