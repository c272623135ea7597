import { type DatabaseClock, tolerableSkewMs } from "./database/clock"
import type { Log } from "./log"

const minuteMs = 60_000

/**
 * Measures the clock at once and every minute, for the lifetime of the process. Warns when it is more than two seconds from
 * the database's, again when that has changed by as much, and reports when it is right again. While the database is away,
 * the last measurement counts.
 */
export async function watchClock(
  clock: DatabaseClock,
  log: Pick<Log, "warn" | "info">,
  everyMs: number = minuteMs,
): Promise<{ end: () => void }> {
  let told = 0
  const look = async () => {
    const skewMs = await clock.measure()
    if (Math.abs(skewMs) > tolerableSkewMs) {
      if (Math.abs(skewMs - told) <= tolerableSkewMs) return
      told = skewMs
      log.warn("clock.skewed", {
        skewMs,
        advice: "Synchronise the clocks of this machine and of the database.",
      })
    } else if (told !== 0) {
      told = 0
      log.info("clock.right_again", { skewMs })
    }
  }
  await look().catch(() => {})
  const timer = setInterval(() => look().catch(() => {}), everyMs)
  timer.unref()
  return { end: () => clearInterval(timer) }
}
