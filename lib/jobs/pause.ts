import { setTimeout as sleep } from "node:timers/promises"

/** Resolves after the pause, or at the signal, which the caller checks. */
export async function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  await sleep(pauseMs, undefined, { signal }).catch(() => {})
}
