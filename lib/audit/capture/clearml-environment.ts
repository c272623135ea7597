import {
  type ConfigurationFile,
  readSettings,
  type Setting,
  type SettingProblem,
  variableOf,
} from "./clearml-given"
import {
  type Adapter,
  categoryNames,
  type ElasticHost,
  type EndpointOption,
  type Rotation,
  type SettingValue,
} from "./clearml-keys"
import { mostRules } from "./parse-policy"
import type { BodyFlag, Categories, Flags, Rule } from "./policy"

/** The part of a policy that the environment sets; what is absent is the organization's. */
export interface PolicyLayer {
  readonly enabled?: boolean
  readonly ownCalls?: boolean
  readonly redactIdentity?: boolean
  readonly default: Partial<Flags>
  readonly categories: Partial<Categories>
  /** Before those of the organization. */
  readonly rules: readonly Rule[]
}

/** Where ClearML's keys send recorded calls. */
export interface AdapterSettings {
  readonly adapter: Adapter | null
  readonly rotation: Rotation | null
  readonly fluentd: { readonly host: string | null; readonly port: number; readonly tag: string | null }
  readonly elastic: {
    readonly hosts: readonly ElasticHost[]
    readonly initTimeoutSeconds: number
    readonly bulkEnabled: boolean
    readonly bulkWriteDelaySeconds: number
    readonly bulkWriteTimeoutSeconds: number
    readonly bulkMinItems: number
  }
  /** Whether entries have the version of the API: the documented entry has none, so the variable must ask for it. */
  readonly withVersion: boolean
  /** The variables that set the adapter and what it uses, in the order of their names. */
  readonly setBy: readonly string[]
}

/** A part of the policy that only the environment can change. */
export interface Lock {
  /** An RFC 6901 pointer into the effective policy. */
  readonly pointer: string
  readonly variable: string
  /** What to look for there: the line of the environment, or the file with its line. */
  readonly line: string
}

/** What the environment of the process says about capture. */
export interface CaptureEnvironment {
  readonly policy: PolicyLayer
  readonly adapter: AdapterSettings
  readonly locks: readonly Lock[]
  /** Each is a sentence. */
  readonly warnings: readonly string[]
}

/** In the order in which ClearML asks them. */
const elasticServices = [
  "CLEARML_ELASTIC_SERVICE",
  "TRAINS_ELASTIC_SERVICE",
  "ELASTIC_SERVICE",
  "ELASTIC_SERVICE_SERVICE",
]

/** An environment that sets nothing. */
export const emptyEnvironment: CaptureEnvironment = readCaptureEnvironment({}, null).environment

type Source = Readonly<Record<string, string | undefined>>

const flagOf = {
  log_call: "call",
  log_data: "data",
  log_result_data: "resultData",
} as const satisfies Record<EndpointOption, keyof Flags>

/**
 * Returns what the variables `CLEARML__...` and `TRAINS__...` and the text of a configuration file set, with every problem. An
 * environment with problems must not be used.
 */
export function readCaptureEnvironment(
  source: Source,
  file: ConfigurationFile | null,
): { readonly environment: CaptureEnvironment; readonly problems: readonly SettingProblem[] } {
  const { byKey, problems, warnings } = readSettings(source, file)
  const { layer, locks } = policyOf(byKey)
  const adapter = adapterOf(byKey, source)
  const further =
    layer.rules.length > mostRules
      ? [{ name: variableOf(["apiserver", "endpoints"]), message: `has more than ${mostRules} endpoints` }]
      : []
  return {
    environment: {
      policy: layer,
      adapter,
      locks,
      warnings: [...warnings, ...adapterWarnings(adapter, byKey)],
    },
    problems: [...problems, ...further],
  }
}

type GivenFlags = { call?: BodyFlag; data?: BodyFlag; resultData?: BodyFlag }

function policyOf(byKey: ReadonlyMap<string, Setting>): { layer: PolicyLayer; locks: readonly Lock[] } {
  const locks: Lock[] = []
  const take = <Value extends SettingValue>(setting: Setting | undefined, ...pointers: string[]) => {
    if (setting === undefined) return undefined
    for (const pointer of pointers) locks.push({ pointer, variable: setting.variable, line: setting.line })
    // The cast: the reader of the key has made a value of this type.
    return setting.value as Value
  }
  const enabled = take<boolean>(byKey.get("apiserver.log_calls"), "/enabled", "/ownCalls")
  const redact = take<boolean>(byKey.get("apiserver.apilog.redact_identity"), "/redactIdentity")
  const categories = categoryNames.flatMap(name => {
    const value = take<boolean>(
      byKey.get(`apiserver.apilog.log_fields.${name}.enabled`),
      `/categories/${name}`,
    )
    return value === undefined ? [] : [[name, value] as const]
  })
  const standard: GivenFlags = {}
  const flags = new Map<string, { then: GivenFlags; settings: Setting[] }>()
  for (const setting of byKey.values()) {
    const { endpoint } = setting.known
    if (endpoint === undefined) continue
    const flag = flagOf[endpoint.option]
    if (endpoint.name === null) standard[flag] = take<BodyFlag>(setting, `/default/${flag}`)
    else {
      const entry = flags.get(endpoint.name) ?? { then: {}, settings: [] }
      entry.then[flag] = take<BodyFlag>(setting)
      entry.settings.push(setting)
      flags.set(endpoint.name, entry)
    }
  }
  const names = [...flags.keys()].sort()
  const rules = names.map((name, index): Rule => {
    const { then, settings } = flags.get(name) ?? { then: {}, settings: [] }
    for (const { variable, line } of settings) locks.push({ pointer: `/rules/${index}`, variable, line })
    return { name, when: { endpoints: [name] }, then: inOrder(then) }
  })
  const layer = {
    ...(enabled === undefined ? {} : { enabled, ownCalls: enabled }),
    ...(redact === undefined ? {} : { redactIdentity: redact }),
    default: inOrder(standard),
    categories: Object.fromEntries(categories),
    rules,
  }
  return { layer, locks }
}

function inOrder({ call, data, resultData }: GivenFlags): Partial<Flags> {
  return {
    ...(typeof call === "boolean" ? { call } : {}),
    ...(data === undefined ? {} : { data }),
    ...(resultData === undefined ? {} : { resultData }),
  }
}

/** The standard values are ClearML's. */
function adapterOf(byKey: ReadonlyMap<string, Setting>, source: Source): AdapterSettings {
  const value = <Value>(key: string, standard: Value): Value => {
    const setting = byKey.get(`apiserver.apilog.${key}`)
    // The cast: the reader of the key has made a value of this type.
    return setting === undefined ? standard : (setting.value as Value)
  }
  const adapter = value<Adapter | null>("adapter", null)
  const fluentd = "adapters.logging.handler.kwargs"
  const elastic = "adapters.elastic"
  return {
    adapter,
    rotation: value<Rotation | null>("rotation.time", null),
    fluentd: {
      host: value<string | null>(`${fluentd}.host`, null),
      port: value(`${fluentd}.port`, 24_224),
      tag: value<string | null>(`${fluentd}.tag`, null),
    },
    elastic: {
      hosts: elasticHosts(byKey, source),
      initTimeoutSeconds: value(`${elastic}.init_timeout_sec`, 60),
      bulkEnabled: value(`${elastic}.bulk_enabled`, true),
      bulkWriteDelaySeconds: value(`${elastic}.bulk_write_delay_sec`, 5),
      bulkWriteTimeoutSeconds: value(`${elastic}.bulk_write_timeout_sec`, 15),
      bulkMinItems: value(`${elastic}.bulk_min_items`, 100),
    },
    withVersion: value("log_fields.version.enabled", false),
    setBy: adapter === null ? [] : variablesOf(adapter, byKey, source),
  }
}

/** What an adapter uses besides its own name. */
const usedBy: Readonly<Record<Adapter, readonly string[]>> = {
  raw_log: [],
  logging: ["apiserver.apilog.rotation.", "apiserver.apilog.adapters.logging."],
  elastic: ["apiserver.apilog.rotation.", "apiserver.apilog.adapters.elastic.", "hosts.elastic.apilog."],
}

function variablesOf(
  adapter: Adapter,
  byKey: ReadonlyMap<string, Setting>,
  source: Source,
): readonly string[] {
  const settings = [...byKey].flatMap(([key, { variable }]) =>
    key === "apiserver.apilog.adapter" || usedBy[adapter].some(start => key.startsWith(start))
      ? [variable]
      : [],
  )
  const service =
    adapter === "elastic"
      ? ["HOST", "PORT"].flatMap(name => elasticService(source, name)?.variable ?? [])
      : []
  return [...new Set([...settings, ...service])].sort()
}

function elasticService(source: Source, name: string): { variable: string; text: string } | undefined {
  return elasticServices
    .map(start => ({ variable: `${start}_${name}`, text: source[`${start}_${name}`]?.trim() ?? "" }))
    .find(({ text }) => text !== "")
}

/** ClearML takes host and port of every cluster from these variables, over its configuration. */
function elasticHosts(byKey: ReadonlyMap<string, Setting>, source: Source): readonly ElasticHost[] {
  const host = elasticService(source, "HOST")?.text
  const port = Number(elasticService(source, "PORT")?.text ?? Number.NaN)
  const isPort = Number.isInteger(port) && port >= 1 && port <= 65_535
  // The cast: the reader of the key has made a value of this type.
  const configured = (byKey.get("hosts.elastic.apilog.hosts")?.value ?? []) as readonly ElasticHost[]
  if (host === undefined) return isPort ? configured.map(one => ({ ...one, port })) : configured
  const scheme = configured[0]?.scheme ?? "http"
  return [{ host, port: isPort ? port : (configured[0]?.port ?? 9_200), scheme }]
}

function adapterWarnings(
  { adapter, fluentd, elastic }: AdapterSettings,
  byKey: ReadonlyMap<string, Setting>,
) {
  if (adapter === null) return []
  const line = byKey.get("apiserver.apilog.adapter")?.line ?? ""
  const incomplete =
    (adapter === "logging" && fluentd.host === null) || (adapter === "elastic" && elastic.hosts.length === 0)
  return incomplete ? [`${line} has no host to send to, so nothing is sent`] : []
}
