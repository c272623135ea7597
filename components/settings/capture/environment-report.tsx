import { Alert } from "@/components/ui/alert"
import type { AdapterSettings } from "@/lib/audit/capture/clearml-environment"

export interface EnvironmentReportProps {
  readonly adapter: AdapterSettings
  /** Each is a sentence. */
  readonly warnings: readonly string[]
}

/** What the environment of the server says besides the policy: its adapter, and keys without effect. Often nothing. */
export function EnvironmentReport({ adapter, warnings }: EnvironmentReportProps) {
  if (adapter.adapter === null && warnings.length === 0) return null
  return (
    <Alert tone="info" title="From the environment of the server">
      <ul className="grid gap-1">
        {adapterLines(adapter).map(line => (
          <li key={line}>{line}</li>
        ))}
        {warnings.map(warning => (
          <li key={warning} className="wrap-anywhere">
            {warning}.
          </li>
        ))}
      </ul>
    </Alert>
  )
}

function adapterLines({ adapter, rotation, fluentd, elastic }: AdapterSettings): string[] {
  if (adapter === null) return []
  const name = {
    raw_log: "Adapter raw_log: lines of JSON on standard output.",
    logging: `Adapter logging: Fluentd at ${fluentd.host ?? "no host"}, port ${fluentd.port}.`,
    elastic: `Adapter elastic: ${elastic.hosts.map(({ host, port }) => `${host}, port ${port}`).join("; ") || "no host"}.`,
  }[adapter]
  return [name, ...(rotation === null ? [] : [`Names change with time: ${rotation}.`])]
}
