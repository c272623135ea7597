import { elasticsearch } from "./elasticsearch/elasticsearch"
import { file } from "./file"
import { fluentd } from "./fluentd/fluentd"
import { s3 } from "./s3/s3"
import type { SinkKind } from "./sink"
import { splunk } from "./splunk/splunk"
import { stdout } from "./stdout"
import { syslog } from "./syslog/syslog"
import { webhook } from "./webhook"

// `any`: the settings of a kind are what its own schema has parsed.
// biome-ignore lint/suspicious/noExplicitAny: a registry of kinds with different settings
export type AnySinkKind = SinkKind<any>

/** Every kind, in the order in which a form offers them. */
export const sinkKinds: readonly AnySinkKind[] = [
  stdout,
  fluentd,
  elasticsearch,
  syslog,
  webhook,
  splunk,
  file,
  s3,
]

/** Returns the kind of that name, or null when there is none. */
export function sinkKindNamed(name: string): AnySinkKind | null {
  return sinkKinds.find(kind => kind.name === name) ?? null
}
