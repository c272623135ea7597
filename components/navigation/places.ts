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

/** The entries of the left navigation under Admin. */
const adminPlaces: readonly AdminPlace[] = [
  { label: "Audit Logs", path: `${adminPath}/audit-logs`, icon: ScrollText, permissions: ["LOG-OWN"] },
  {
    label: "Settings",
    path: settingsPath,
    icon: Settings,
    // Those of its tabs, which every page would load otherwise.
    permissions: [
      "ROLE-MANAGEMENT",
      "MEMBER-MANAGEMENT",
      "APP-MANAGEMENT",
      "CAPTURE-MANAGEMENT",
      "SINK-MANAGEMENT",
      "ORGANIZATION-MANAGEMENT",
    ],
  },
]

/** Returns the places under Admin that these permissions open. */
export function adminPlacesFor(permissions: readonly Permission[]): readonly AdminPlace[] {
  return adminPlaces.filter(place => isOpen(place, permissions))
}

/** Returns whether one of the permissions opens the place. */
export function isOpen(place: Place, permissions: readonly Permission[]): boolean {
  return place.permissions.some(needed => permissions.includes(needed))
}
