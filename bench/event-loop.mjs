// @ts-check
// Loaded into a measured web process (`node --import`): how long its event loop was blocked, and how long garbage
// collection took. The message "read" returns both since the last one, in milliseconds.
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks"

const resolutionMs = 1
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
delay.enable()

let longestCollectionMs = 0
new PerformanceObserver(list => {
  for (const { duration } of list.getEntries()) longestCollectionMs = Math.max(longestCollectionMs, duration)
}).observe({ entryTypes: ["gc"] })

process.on("message", message => {
  if (message !== "read") return
  process.send?.({
    heldMs: Math.max(0, delay.max / 1e6 - resolutionMs),
    p99Ms: Math.max(0, delay.percentile(99) / 1e6 - resolutionMs),
    collectionMs: longestCollectionMs,
  })
  delay.reset()
  longestCollectionMs = 0
})
