/** The jobs by name, in plain words. */
const jobs: Readonly<Record<string, string>> = {
  "capture-clean-up": "Deletion of old counts of calls and of producers that report no more",
  "clean-up": "Deletion of expired sessions, links and mails",
  clock: "Comparison of clocks",
  "deliver-mail": "Delivery of mails",
  "deliver-sinks": "Delivery of events to sinks",
  "sink-clean-up": "Deletion of old receipts of sinks",
  "tell-sinks": "Events and mails about sinks that fail",
  partitions: "Monthly partitions of the log",
  text: "Search text of events of an earlier version",
}

/** Returns the job in plain words; its name when it has none. */
export function jobInWords(name: string): string {
  return Object.hasOwn(jobs, name) ? (jobs[name] ?? name) : name
}

/** How the last run of a job ended, in a word or two. */
export const outcomes = {
  "never-run": { word: "Not run yet", tone: "neutral" },
  running: { word: "Running", tone: "primary" },
  interrupted: { word: "Interrupted", tone: "denied" },
  done: { word: "Done", tone: "success" },
  idle: { word: "Nothing to do", tone: "neutral" },
  skipped: { word: "Done elsewhere", tone: "neutral" },
  failed: { word: "Failed", tone: "failure" },
} as const
