import { type CurrentPolicy, currentPolicy } from "@/lib/capture/current-policy"
import type { CapturePolicies } from "@/lib/capture/policies"
import { readStoredPolicy } from "@/lib/capture/stored-policy"
import type { Tx } from "@/lib/database/tx"

/** Returns the policy that counts for the organization of the transaction, as it is now. */
export async function currentWithin(
  tx: Tx,
  organizationId: string,
  { environment }: Pick<CapturePolicies, "environment">,
): Promise<CurrentPolicy> {
  return currentPolicy(await readStoredPolicy(tx, organizationId), environment)
}
