import { expect, test } from "vitest"
import { givesText, rolesIn } from "./invitation"

const role = (id: string, refusal: string | null = null) => ({ id, name: id, description: "", refusal })
const app = (name: string, ...refused: readonly string[]) => ({
  ...{ id: name, name },
  refusals: refused.map(roleId => ({ roleId, reason: `Not in ${name}.` })),
})

test("with apps chosen, a role is refused for what it is in these apps, not for what it is in every app", () => {
  const roles = [role("auditor", "Not in every app."), role("keeper")]
  const refusals = (...apps: Parameters<typeof rolesIn>[1]) => rolesIn(roles, apps).map(each => each.refusal)
  expect(refusals()).toEqual(["Not in every app.", null])
  expect(refusals(app("Billing", "keeper"))).toEqual([null, "Not in Billing."])
  expect(refusals(app("Billing"), app("Orders", "auditor"))).toEqual(["Not in Orders.", null])
})

test.each([
  [{ roles: [], groups: [], apps: [] }, "Membership only"],
  [{ roles: ["Auditor", "Member"], groups: [], apps: [] }, "Auditor, Member"],
  [{ roles: ["Auditor"], groups: [], apps: ["Billing"] }, "Auditor in the app Billing"],
  [
    { roles: ["Auditor"], groups: ["Night shift"], apps: ["Billing", "Orders"] },
    "Auditor in the apps Billing, Orders; group Night shift",
  ],
  // The role was deleted meanwhile: the apps alone give nothing.
  [{ roles: [], groups: ["A", "B"], apps: ["Billing"] }, "groups A, B"],
])("what an invitation gives: %j", (given, text) => {
  expect(givesText(given)).toBe(text)
})
