"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { sinkPath } from "./places"

const tabs = [
  { label: "Overview", path: "" },
  { label: "Deliveries", path: "/deliveries" },
  { label: "Dead letters", path: "/dead-letters" },
  { label: "Settings", path: "/edit" },
] as const

export interface SinkTabsProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly id: string
  /** Its settings cannot be changed here. */
  readonly isServer: boolean
}

/** The tabs of one sink; each is a page with its own url. */
export function SinkTabs({ slug, id, isServer }: SinkTabsProps) {
  const pathname = usePathname()
  return (
    <nav aria-label="Sink" className="flex gap-5 overflow-x-auto border-b">
      {tabs
        .filter(({ path }) => !isServer || path !== "/edit")
        .map(({ label, path }) => {
          const href = sinkPath(slug, id, path)
          return (
            <Link
              key={path}
              href={href}
              aria-current={pathname === href ? "page" : undefined}
              className="-mb-px flex h-9 items-center border-b-2 border-transparent text-sm font-medium whitespace-nowrap text-muted-foreground transition-colors hover:text-foreground focus-visible:outline-offset-[-2px] aria-[current]:border-primary aria-[current]:text-foreground"
            >
              {label}
            </Link>
          )
        })}
    </nav>
  )
}
