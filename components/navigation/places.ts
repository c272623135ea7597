import { AppWindow, type LucideIcon, ScrollText } from "lucide-react"
import type { Permission } from "@/lib/access/permissions"

/** A page that the navigation leads to. */
export interface Place {
  readonly label: string
  /** Below the organization's own address. */
  readonly path: string
  readonly icon: LucideIcon
  /** Who does not hold it is not led there. */
  readonly permission: Permission
}

/** Places that belong together, under their heading. */
export interface Section {
  readonly label: string
  readonly places: readonly Place[]
}

/** Everything the left navigation can lead to, in its order. A place is listed when its page exists. */
const sections: readonly Section[] = [
  {
    label: "Admin",
    places: [
      { label: "Audit Logs", path: "/admin/audit-logs", icon: ScrollText, permission: "LOG-MANAGEMENT" },
    ],
  },
  {
    label: "Settings",
    places: [{ label: "Apps", path: "/admin/settings/apps", icon: AppWindow, permission: "APP-MANAGEMENT" }],
  },
]

/** Promise: the sections with what these permissions open; none that is empty. */
export function sectionsFor(permissions: readonly Permission[]): readonly Section[] {
  return sections
    .map(section => ({
      ...section,
      places: section.places.filter(place => permissions.includes(place.permission)),
    }))
    .filter(section => section.places.length > 0)
}
