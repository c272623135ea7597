import { type LucideIcon, ScrollText, Settings } from "lucide-react"
import type { Permission } from "@/lib/access/permissions"

/** A page that the navigation leads to. */
export interface Place {
  readonly label: string
  /** Relative to the organization's url. */
  readonly path: string
  /** Hidden from people who hold none of them. */
  readonly permissions: readonly Permission[]
}

/** A place of the left navigation. */
export interface AdminPlace extends Place {
  readonly icon: LucideIcon
}

/** The parent of the left navigation's places, with its own page. */
export const adminPath = "/admin"

/** The one page of all settings; each of its tabs has its own url. */
export const settingsPath = `${adminPath}/settings`

/** The tabs of the page Settings, in order. A tab is listed when its page exists. */
const settingsTabs: readonly Place[] = [
  {
    label: "Access Control",
    path: `${settingsPath}/access-control`,
    permissions: ["ROLE-MANAGEMENT", "MEMBER-MANAGEMENT"],
  },
  { label: "Apps", path: `${settingsPath}/apps`, permissions: ["APP-MANAGEMENT"] },
  { label: "Capture", path: `${settingsPath}/capture`, permissions: ["CAPTURE-MANAGEMENT"] },
  { label: "Organization", path: `${settingsPath}/organization`, permissions: ["ORGANIZATION-MANAGEMENT"] },
]

/** The entries of the left navigation under Admin. */
const adminPlaces: readonly AdminPlace[] = [
  { label: "Audit Logs", path: `${adminPath}/audit-logs`, icon: ScrollText, permissions: ["LOG-OWN"] },
  {
    label: "Settings",
    path: settingsPath,
    icon: Settings,
    permissions: settingsTabs.flatMap(tab => tab.permissions),
  },
]

/** Returns the places under Admin that these permissions open. */
export function adminPlacesFor(permissions: readonly Permission[]): readonly AdminPlace[] {
  return adminPlaces.filter(place => isOpen(place, permissions))
}

/** Returns the tabs of Settings that these permissions open. */
export function settingsTabsFor(permissions: readonly Permission[]): readonly Place[] {
  return settingsTabs.filter(tab => isOpen(tab, permissions))
}

function isOpen(place: Place, permissions: readonly Permission[]): boolean {
  return place.permissions.some(needed => permissions.includes(needed))
}
