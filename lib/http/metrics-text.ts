import type { OrganizationFigures, SinkFigures } from "@/lib/delivery/sinks/figures"

/** What is told besides the figures of organizations. */
export interface Telling {
  readonly version: string
  /** Seconds since 1970. */
  readonly now: number
}

interface Metric {
  readonly name: string
  readonly type: "counter" | "gauge"
  readonly help: string
  readonly samples: readonly Sample[]
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Returns the figures in the text format of Prometheus, version 0.0.4. */
export function metricsText(organizations: readonly OrganizationFigures[], telling: Telling): string {
  return metricsOf(organizations, telling)
    .filter(({ samples }) => samples.length > 0)
    .map(written)
    .join("")
}

function metricsOf(
  organizations: readonly OrganizationFigures[],
  { version, now }: Telling,
): readonly Metric[] {
  const ofSinks = (figureOf: (sink: SinkFigures, size: number) => number | null): readonly Sample[] =>
    organizations.flatMap(({ slug, size, sinks }) =>
      sinks.flatMap(sink => {
        const value = figureOf(sink, size)
        return value === null ? [] : [{ labels: labelsOf(slug, sink), value }]
      }),
    )
  const isBehind = ({ next }: SinkFigures, size: number) => next < size
  return [
    {
      ...{ name: "auditorium_build_info", type: "gauge", help: "The version that runs." },
      samples: [{ labels: { version }, value: 1 }],
    },
    {
      ...{ name: "auditorium_events_total", type: "counter", help: "Events in the log of an organization." },
      samples: organizations.map(({ slug, size }) => ({ labels: { organization: slug }, value: size })),
    },
    {
      ...{ name: "auditorium_sink_lag_events", type: "gauge", help: "Events that a sink has still to get." },
      samples: ofSinks(({ next }, size) => Math.max(0, size - next)),
    },
    {
      ...{
        name: "auditorium_sink_lag_seconds",
        type: "gauge",
        help: "Age of the oldest event that a sink has still to get.",
      },
      samples: ofSinks((sink, size) =>
        isBehind(sink, size) && sink.oldestAt !== null ? Math.max(0, now - sink.oldestAt) : 0,
      ),
    },
    {
      name: "auditorium_sink_last_success_timestamp_seconds",
      type: "gauge",
      help: "When a sink last took a batch.",
      samples: ofSinks(({ lastSuccessAt }) => lastSuccessAt),
    },
    {
      ...{
        name: "auditorium_sink_failures_total",
        type: "counter",
        help: "Failed attempts to deliver to a sink.",
      },
      samples: ofSinks(({ failed }) => failed),
    },
    {
      ...{ name: "auditorium_sink_taken_total", type: "counter", help: "Events that a sink has taken." },
      samples: ofSinks(({ taken }) => taken),
    },
    {
      ...{
        name: "auditorium_sink_missed_total",
        type: "counter",
        help: "Events that expired before a sink got them.",
      },
      samples: ofSinks(({ missed }) => missed),
    },
    {
      ...{ name: "auditorium_sink_dead_letters", type: "gauge", help: "Events that a sink refuses." },
      samples: ofSinks(({ deadLetters }) => deadLetters),
    },
    {
      ...{ name: "auditorium_sink_paused", type: "gauge", help: "1 while a sink is paused." },
      samples: ofSinks(({ isPaused }) => (isPaused ? 1 : 0)),
    },
    {
      name: "auditorium_capture_dropped_total",
      type: "counter",
      help: "Calls that an instance of an SDK, a proxy or this server could not record.",
      samples: organizations.flatMap(({ slug, producers }) =>
        producers.map(({ app, instance, dropped }) => ({
          labels: { organization: slug, app, instance },
          value: dropped,
        })),
      ),
    },
  ]
}

// A name can be given to another sink later: the id tells them apart.
function labelsOf(organization: string, { id, name, kind }: SinkFigures): Sample["labels"] {
  return { organization, sink: name ?? "environment", sink_id: id, ...(kind !== null && { kind }) }
}

function written({ name, type, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value }) => `${name}{${spelled(labels)}} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`
}

function spelled(labels: Sample["labels"]): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(",")
}

/** The format has escapes for these three only; other characters stand for themselves. */
function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"')
}
