import { z } from "zod"
import { listJobStates } from "@/lib/delivery/job-states"
import { operation } from "@/lib/operations/core/operation"

/** Lists the recurring work of the installation. It concerns every organization in it, and tells nothing about another. */
export const listJobs = operation({
  name: "job.list",
  summary: "Lists what the worker repeats: when each job last ran, how that ended, and when it runs again.",
  permission: "ORGANIZATION-MANAGEMENT",
  effect: "read",
  input: z.strictObject({}),
  run: ({ read }) => read(({ tx }) => listJobStates(tx.query)),
})
