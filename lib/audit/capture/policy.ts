import type { ActorType, Status } from "@/lib/audit/event/event"

/** Whether a body is recorded: not at all, whole, or only the named fields of it (top-level names or dotted paths). */
export type BodyFlag = boolean | readonly string[]

/** What is recorded of a call. `data` is the request's body and query, `resultData` the response's body. */
export interface Flags {
  readonly call: boolean
  readonly data: BodyFlag
  readonly resultData: BodyFlag
}

/** The conditions of a rule: all that are given must hold, and one value of each is enough. */
export interface RuleConditions {
  readonly methods?: readonly string[]
  /** Exact, unless it ends in `*`. `{name}` stands for one segment. */
  readonly paths?: readonly string[]
  /** Names of the profile, such as `users.set_preferences`; `workers.*` is every endpoint of a service. */
  readonly endpoints?: readonly string[]
  /** Slugs of apps. */
  readonly apps?: readonly string[]
  readonly actorTypes?: readonly ActorType[]
  readonly outcomes?: readonly Exclude<Status, "unknown">[]
}

export interface Rule {
  readonly name: string
  readonly when: RuleConditions
  /** A flag that is absent comes from the policy's default. */
  readonly then: Partial<Flags>
}

/** Parts of a recorded call that can be left out for every call. */
export interface Categories {
  readonly auth: boolean
  readonly headers: boolean
  readonly version: boolean
  readonly stats: boolean
  readonly result: boolean
  readonly data: boolean
}

/** Which calls of an organization are recorded, and how much of them. The first rule that matches decides. */
export interface CapturePolicy {
  readonly v: 1
  readonly enabled: boolean
  readonly ignore: readonly string[]
  /** At most 200. */
  readonly rules: readonly Rule[]
  readonly default: Flags
  readonly categories: Categories
  readonly redactIdentity: boolean
  /** Names of created and changed objects are recorded only when this is false. */
  readonly idsOnly: boolean
  /** Names of fields that are secret here, besides those that are secret everywhere. */
  readonly secretNames: readonly string[]
  /** Headers that the category `headers` records, in lower case; `*` is every header. */
  readonly headerNames: readonly string[]
  /** In bytes of canonical JSON, each at most 12,288. */
  readonly limits: { readonly requestBytes: number; readonly responseBytes: number }
  readonly licenseKey: string | null
  /** Whether calls to this installation's own API are recorded. */
  readonly ownCalls: boolean
}

/** The endpoints that UCP ignores: no security events, and very many. */
export const ucpIgnored = [
  "/_ping",
  "/ca",
  "/auth",
  "/trustedregistryca",
  "/kubeauth",
  "/metrics",
  "/info",
  "/version*",
  "/debug",
  "/openid_keys",
  "/apidocs",
  "/kubernetesdocs",
  "/manage",
] as const

const withoutBodies = { data: false, resultData: false } as const

/** UCP never records the bodies of these calls, at any level. */
const ucpRules: readonly Rule[] = [
  {
    name: "No bodies of secrets, swarm keys and sign-in",
    when: {
      methods: ["POST"],
      paths: ["/secrets/create", "/secrets/{id}/update", "/swarm/join", "/swarm/update", "/auth/login"],
    },
    then: withoutBodies,
  },
  {
    name: "No bodies of Kubernetes secrets",
    when: {
      paths: [
        "/api/v1/secrets",
        "/api/v1/namespaces/{namespace}/secrets",
        "/api/v1/namespaces/{namespace}/secrets/{name}",
      ],
    },
    then: withoutBodies,
  },
]

const clearmlRules: readonly Rule[] = [
  {
    name: "No bodies of credentials and sign-in",
    when: { endpoints: ["auth.*"] },
    then: withoutBodies,
  },
  {
    name: "No bodies of frames and worker reports",
    when: { endpoints: ["events.*", "frames.*", "workers.status_report"] },
    then: withoutBodies,
  },
]

/** What an organization has until it decides otherwise: nothing is recorded. */
export const shippedPolicy: CapturePolicy = {
  v: 1,
  enabled: false,
  ignore: ucpIgnored,
  rules: [...ucpRules, ...clearmlRules],
  default: { call: true, data: false, resultData: false },
  categories: { auth: true, headers: false, version: true, stats: true, result: true, data: true },
  redactIdentity: false,
  idsOnly: true,
  secretNames: [],
  headerNames: ["content-type", "user-agent", "x-request-id"],
  limits: { requestBytes: 8_192, responseBytes: 8_192 },
  licenseKey: null,
  ownCalls: false,
}

/** Policies to begin with. Each is a whole policy that is switched on. */
export const presets = {
  ours: { ...shippedPolicy, enabled: true },
  ucp: { ...shippedPolicy, enabled: true, rules: ucpRules },
  clearml: { ...shippedPolicy, enabled: true, ignore: [], rules: clearmlRules, ownCalls: true },
} as const satisfies Record<string, CapturePolicy>

export type PresetName = keyof typeof presets
