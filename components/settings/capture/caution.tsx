import { TriangleAlert } from "lucide-react"
import type { CaptureFigures } from "./view"
import { counted, formatBytes } from "./words"

export interface SizeCautionProps {
  readonly part: "request" | "response"
  /** Null when they are not known. */
  readonly figures: CaptureFigures | null
}

/** The caution of ClearML's documentation about the size of payloads, with a figure from this organization. */
export function SizeCaution({ part, figures }: SizeCautionProps) {
  return (
    <span className="flex items-start gap-1.5 text-xs text-denied">
      <TriangleAlert aria-hidden="true" className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0 text-pretty wrap-anywhere">
        {part === "request" ? "Request data can be large" : "Response data can be very large"}, particularly
        for endpoints like frame streaming or worker status reporting. {figure(part, figures)}
      </span>
    </span>
  )
}

function figure(part: "request" | "response", figures: CaptureFigures | null): string {
  if (figures === null || figures.counted.calls === 0) return "No call has been counted here yet."
  const { bytes, largest } = figures[part]
  const average = `In the last ${counted(figures.days, "day")} here: ${formatBytes(bytes / figures.counted.calls)} a call on average`
  if (largest === null) return `${average}.`
  return `${average}; most for ${largest.endpoint}, ${formatBytes(largest.averageBytes)} a call.`
}
