import { type DatabaseClock, tolerableSkewMs } from "@/lib/database/clock"
import type { Log } from "@/lib/log"
import type { Job } from "./job"

const hourMs = 60 * 60 * 1000

/** Compares this machine's clock with the database's and warns when they are more than two seconds apart. */
export function clockJob(clock: DatabaseClock, log: Pick<Log, "warn">): Job {
  return {
    name: "clock",
    everyMs: hourMs,
    run: async () => {
      const skewMs = await clock.measure()
      if (Math.abs(skewMs) > tolerableSkewMs) {
        log.warn("clock.skewed", {
          skewMs,
          advice: "Synchronise the clocks of this machine and of the database.",
        })
      }
      return { outcome: "done", skewMs }
    },
  }
}
