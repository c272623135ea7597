import type { Written } from "@/lib/sinks/sink"

/** Returns what became of each event, without the reasons; "taken" for all of them together. */
export function verdicts(written: Written): "taken" | readonly ("taken" | "retry" | "refused")[] {
  if ("all" in written) return written.all
  return written.items.map(item => (item === "taken" ? item : "retry" in item ? "retry" : "refused"))
}
