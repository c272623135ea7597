import { isOpen, type Place, settingsPath } from "@/components/navigation/places"
import type { Permission } from "@/lib/access/permissions"

/** The tabs of the page Settings, in order. A tab is listed when its page exists. */
export const settingsTabs: readonly Place[] = [
  {
    label: "Access Control",
    path: `${settingsPath}/access-control`,
    permissions: ["ROLE-MANAGEMENT", "MEMBER-MANAGEMENT"],
  },
  { label: "Apps", path: `${settingsPath}/apps`, permissions: ["APP-MANAGEMENT"] },
  { label: "Capture", path: `${settingsPath}/capture`, permissions: ["CAPTURE-MANAGEMENT"] },
  { label: "Sinks", path: `${settingsPath}/sinks`, permissions: ["SINK-MANAGEMENT"] },
  { label: "Organization", path: `${settingsPath}/organization`, permissions: ["ORGANIZATION-MANAGEMENT"] },
]

/** Returns the tabs of Settings that these permissions open. */
export function settingsTabsFor(permissions: readonly Permission[]): readonly Place[] {
  return settingsTabs.filter(tab => isOpen(tab, permissions))
}
