import { type Finding, isReached } from "./measure"

/** Returns the findings as a text table, in the order of the goals; missed goals are marked. */
export function table(findings: readonly Finding[]): string {
  const rows = findings.map(finding => [
    finding.goal,
    finding.what,
    finding.baseline,
    ratio(finding.ratio),
    finding.reach ? `${finding.reach.kind} ${ratio(finding.reach.ratio)}` : "",
    isReached(finding) ? "" : "missed",
    finding.figures,
  ])
  const head = ["goal", "what", "beside", "ratio", "goal's ratio", "", "figures of this machine"]
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map(row => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join("  ")
      .trimEnd()
  return [line(head), line(widths.map(width => "-".repeat(width))), ...rows.map(line)].join("\n")
}

/** `1/250` reads better than `0.004`. */
function ratio(value: number): string {
  if (value > 0 && value < 0.1) return `1/${Math.round(1 / value).toLocaleString("en")}`
  return `${value.toFixed(2)}x`
}
