import { AppWindow, Building2, type LucideIcon, ScrollText, ShieldCheck } from "lucide-react"
import type { Permission } from "@/lib/access/permissions"

/** A page that the navigation leads to. */
export interface Place {
  readonly label: string
  /** Below the organization's own address. */
  readonly path: string
  readonly icon: LucideIcon
  /** Who holds none of them is not led there. */
  readonly permissions: readonly Permission[]
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
    places: [{ label: "Audit Logs", path: "/admin/audit-logs", icon: ScrollText, permissions: ["LOG-OWN"] }],
  },
  {
    label: "Settings",
    places: [
      {
        label: "Access Control",
        path: "/admin/settings/access-control",
        icon: ShieldCheck,
        permissions: ["ROLE-MANAGEMENT", "MEMBER-MANAGEMENT"],
      },
      { label: "Apps", path: "/admin/settings/apps", icon: AppWindow, permissions: ["APP-MANAGEMENT"] },
      {
        label: "Organization",
        path: "/admin/settings/organization",
        icon: Building2,
        permissions: ["ORGANIZATION-MANAGEMENT"],
      },
    ],
  },
]

/** Promise: the sections with what these permissions open; none that is empty. */
export function sectionsFor(permissions: readonly Permission[]): readonly Section[] {
  return sections
    .map(section => ({
      ...section,
      places: section.places.filter(place => place.permissions.some(needed => permissions.includes(needed))),
    }))
    .filter(section => section.places.length > 0)
}
