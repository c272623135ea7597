import { expect, test } from "vitest"
import { adminPlacesFor, settingsPath } from "@/components/navigation/places"
import { permissions } from "@/lib/access/permissions"
import { settingsTabsFor } from "./settings-places"

test("the navigation leads to Settings exactly when a tab of it is open", () => {
  for (const permission of permissions) {
    const isLedTo = adminPlacesFor([permission]).some(({ path }) => path === settingsPath)
    expect(isLedTo, permission).toBe(settingsTabsFor([permission]).length > 0)
  }
})
