import { z } from "zod"
import { operation } from "@/lib/operations/core/operation"

/** An app that the rules of a policy can name. */
export interface CaptureApp {
  readonly slug: string
  readonly name: string
}

/** Lists the apps that a rule can name, also for those who may not manage apps. */
export const listCaptureApps = operation({
  name: "capture_policy.list_apps",
  summary: "Lists the apps that a rule of the policy can name.",
  permission: "CAPTURE-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: async ({ organization, read }): Promise<readonly CaptureApp[]> =>
    read(({ tx }) =>
      tx.query<CaptureApp>(
        `SELECT slug, name FROM app WHERE organization_id = $1::uuid AND archived_at IS NULL ORDER BY name, slug`,
        [organization.id],
      ),
    ),
})
