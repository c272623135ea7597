"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { cn } from "@/components/ui/cn"
import type { Permission } from "@/lib/access/permissions"
import { sectionsFor } from "./places"

export interface SideNavigationProps {
  readonly slug: string
  readonly permissions: readonly Permission[]
  /** Called when a link is followed, for a panel that should then close. */
  readonly onFollow?: () => void
}

/** The left navigation: where one can go in the organization, and where one is. */
export function SideNavigation({ slug, permissions, onFollow }: SideNavigationProps) {
  const pathname = usePathname()
  return (
    <nav aria-label="Organization" className="grid gap-5 px-3 py-4">
      {sectionsFor(permissions).map(section => (
        <section key={section.label} aria-labelledby={`navigation-${section.label}`}>
          {/* Not a heading: it stands before the page's own first one. */}
          <p
            id={`navigation-${section.label}`}
            className="px-2 pb-1.5 text-xs font-medium text-muted-foreground"
          >
            {section.label}
          </p>
          <ul className="grid gap-0.5">
            {section.places.map(({ path, label, icon: Icon }) => {
              const href = `/${slug}${path}`
              const here = pathname === href || pathname.startsWith(`${href}/`)
              return (
                <li key={path}>
                  <Link
                    href={href}
                    onClick={onFollow}
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
      ))}
    </nav>
  )
}
