import { rebuildText } from "@/lib/database/migrations/online/rebuild"
import type { Job, JobOutcome } from "./job"

/** Events of an earlier form appear only while a process of the previous version still runs. */
const everyMs = 10 * 60 * 1000
/** Short enough that the end of the process does not wait for it, and that progress is visible. */
const sliceMs = 8_000
const pauseMs = 1_000
/** Half of the time is left to readers and writers. */
const idleShare = 0.5

/**
 * Updates the search texts and indexes of an earlier version to this one, a slice at a time. Needs a direct connection as the
 * owner of the tables, which is opened for each slice.
 */
export function textJob(ownerUrl: string): Job {
  return { name: "text", everyMs, exclusive: true, run: () => rebuildSlice(ownerUrl) }
}

async function rebuildSlice(ownerUrl: string): Promise<JobOutcome> {
  const { outcome, ...progress } = await rebuildText({ ownerUrl, budgetMs: sliceMs, idleShare })
  if (outcome === "nothing") return { outcome: "idle" }
  // `npm run migrate` is doing it.
  if (outcome === "busy") return { outcome: "skipped" }
  const facts = { ...progress, finished: outcome === "finished" }
  return { outcome: "done", ...facts, ...(outcome === "unfinished" && { goesOnInMs: pauseMs }) }
}
