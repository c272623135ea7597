"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import type { Permission } from "@/lib/access/permissions"
import { settingsTabsFor } from "./settings-places"

export interface SettingsTabsProps {
  /** Slug of the organization. */
  readonly slug: string
  readonly permissions: readonly Permission[]
}

/** The head of the page Settings: its name and its tabs, each with its own url. */
export function SettingsTabs({ slug, permissions }: SettingsTabsProps) {
  const pathname = usePathname()
  return (
    <div className="flex items-stretch gap-5 overflow-x-auto border-b px-4 sm:px-6">
      <p className="flex items-center text-sm font-semibold max-sm:sr-only">Settings</p>
      <nav aria-label="Settings" className="flex gap-5">
        {settingsTabsFor(permissions).map(({ label, path }) => {
          const href = `/${slug}${path}`
          const isHere = pathname === href || pathname.startsWith(`${href}/`)
          return (
            <Link
              key={path}
              href={href}
              aria-current={isHere ? "page" : undefined}
              className="-mb-px flex h-11 items-center border-b-2 border-transparent text-sm font-medium whitespace-nowrap text-muted-foreground transition-colors hover:text-foreground focus-visible:outline-offset-[-2px] aria-[current]:border-primary aria-[current]:text-foreground"
            >
              {label}
            </Link>
          )
        })}
      </nav>
    </div>
  )
}
