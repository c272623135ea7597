/**
 * Returns the least processor time of the work in six runs, in microseconds. It does not depend on other load of the
 * machine, and a run with a garbage collection does not count.
 */
export async function leastWork(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < 6; run += 1) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, user + system)
  }
  return least
}
