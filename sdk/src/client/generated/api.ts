// Written by scripts/client-types.ts from the description of the API. Change that, and run it again.

/** Who did it. With onBehalfOf, the actor acted and onBehalfOf is the person acted for. */
export interface Actor {
  readonly type: "user" | "service_account" | "api_key" | "connected_app" | "system" | "staff" | "anonymous"
  readonly id: string
  readonly name?: string
  readonly email?: string
  readonly role?: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly onBehalfOf?: {
    readonly type: "user" | "service_account" | "api_key" | "connected_app" | "system" | "staff" | "anonymous"
    readonly id: string
    readonly name?: string
    readonly email?: string
    readonly role?: string
    readonly attributes?: Readonly<Record<string, unknown>>
  }
  readonly credential?: {
    readonly type: string
    readonly id: string
    readonly name?: string
  }
  /** SHA-256 of the session's id; the id itself must not be sent. */
  readonly sessionHash?: string
}

/** Who did it. With onBehalfOf, the actor acted and onBehalfOf is the person acted for. */
export interface ActorInput {
  readonly type: "user" | "service_account" | "api_key" | "connected_app" | "system" | "staff" | "anonymous"
  /** Required unless the type is anonymous. */
  readonly id?: string | null
  readonly name?: string | null
  readonly email?: string | null
  readonly role?: string | null
  readonly attributes?: Readonly<Record<string, unknown>> | null
  readonly onBehalfOf?: {
    readonly type: "user" | "service_account" | "api_key" | "connected_app" | "system" | "staff" | "anonymous"
    /** Required unless the type is anonymous. */
    readonly id?: string | null
    readonly name?: string | null
    readonly email?: string | null
    readonly role?: string | null
    readonly attributes?: Readonly<Record<string, unknown>> | null
  } | null
  readonly credential?: {
    readonly type: string
    readonly id: string
    readonly name?: string | null
  } | null
  /** SHA-256 of the session's id; the id itself must not be sent. */
  readonly sessionHash?: string | null
}

/** A producer of events. */
export interface App {
  readonly id: string
  readonly slug: string
  readonly name: string
}

/** An event as it is kept: complete, numbered, sealed. */
export interface AuditEvent {
  readonly id: string
  readonly organizationId: string
  readonly appId: string
  /** Its place in the organization's log: 0, 1, 2 ... without gaps. */
  readonly index: number
  /** SHA-256 of its leaf, base64url. */
  readonly leafHash: string
  readonly occurredAt: Instant
  /** As sent, when it was spelled otherwise. */
  readonly occurredAtText?: string
  /** What was not sent: the zone (taken as UTC), the time of day (taken as the start of the day in UTC), or all of it (taken as the time of receipt). */
  readonly occurredAtAssumed: "none" | "zone" | "time" | "received"
  readonly receivedAt: Instant
  readonly environment?: string
  /** The key that the record has where it comes from. */
  readonly sourceId?: string
  /** Resource and verb: invoice.approve. */
  readonly operation: string
  readonly operationCode?: number
  readonly actor: Actor
  readonly status: "success" | "failure" | "denied" | "unknown"
  readonly statusMessage?: string
  /** Shared by the events of one request. */
  readonly requestId?: string
  readonly traceId?: string
  readonly http?: Http
  /** The name of the format of the original. */
  readonly rawFormat?: string
  /** Why the original was not kept. */
  readonly rawWithheld?: string
  readonly family: string
  readonly description: string
  readonly targets: readonly Target[]
  readonly statusCode?: string
  readonly source?: {
    readonly ip: string | null
    /** The origin as it was sent. */
    readonly ipText: string
    /** An IP address. */
    readonly peerIp?: string
    readonly userAgent?: string
  }
  readonly details: readonly string[]
  readonly changes: readonly Change[]
  readonly metadata: Readonly<Record<string, unknown>>
}

/** A refusal that lists what became of each item. */
export interface BatchProblem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** One word for programs. */
  readonly code: string
  /** Names the request in the server's log. */
  readonly requestId: string
  readonly errors?: readonly Fault[]
  readonly accepted: number
  readonly duplicates: number
  readonly conflicts: number
  readonly rejected: number
  readonly results: readonly ItemResult[]
}

/** What became of each item, in the order in which they were sent. */
export interface BatchResult {
  readonly accepted: number
  readonly duplicates: number
  readonly conflicts: number
  readonly rejected: number
  readonly results: readonly ItemResult[]
}

/** A part of the policy that the environment of the server sets. */
export interface CaptureLock {
  /** RFC 6901, into the policy. */
  readonly pointer: string
  readonly variable: string
  readonly line: string
}

/** What is recorded of API calls. The first rule that matches decides; a member that is not sent has its shipped value. */
export interface CapturePolicy {
  readonly v?: 1
  readonly enabled?: boolean
  readonly ignore?: readonly string[]
  readonly rules?: readonly {
    readonly name: string
    readonly when: {
      readonly methods?: readonly string[]
      /** Exact, unless it ends in *; {name} is one segment. */
      readonly paths?: readonly string[]
      readonly endpoints?: readonly string[]
      readonly apps?: readonly string[]
      readonly actorTypes?: readonly string[]
      readonly outcomes?: readonly ("success" | "failure" | "denied")[]
    }
    /** A flag that is absent comes from the default. */
    readonly then: {
      readonly call?: boolean
      /** Not at all, whole, or only the named fields: names at the top, or dotted paths. */
      readonly data?: boolean | readonly string[]
      /** Not at all, whole, or only the named fields: names at the top, or dotted paths. */
      readonly resultData?: boolean | readonly string[]
    }
  }[]
  readonly default?: {
    readonly call?: boolean
    /** Not at all, whole, or only the named fields: names at the top, or dotted paths. */
    readonly data?: boolean | readonly string[]
    /** Not at all, whole, or only the named fields: names at the top, or dotted paths. */
    readonly resultData?: boolean | readonly string[]
  }
  readonly categories?: {
    readonly auth?: boolean
    readonly headers?: boolean
    readonly version?: boolean
    readonly stats?: boolean
    readonly result?: boolean
    readonly data?: boolean
  }
  readonly redactIdentity?: boolean
  readonly idsOnly?: boolean
  readonly secretNames?: readonly string[]
  readonly headerNames?: readonly string[]
  readonly limits?: {
    readonly requestBytes?: number
    readonly responseBytes?: number
  }
  readonly licenseKey?: string | null
  readonly ownCalls?: boolean
}

/** The policy that counts. */
export interface CapturePolicyAnswer {
  /** Grows with every saved change; 0 while none was ever saved. */
  readonly version: number
  readonly policy: CapturePolicy
  /** Whether a support dump contains the captured calls. */
  readonly supportDumpIncludes: boolean
  readonly locks: readonly CaptureLock[]
}

/** The whole policy to save; the answer of a reading can be sent back. */
export interface CapturePolicyChange {
  readonly policy: CapturePolicy
  /** Absent: as before. */
  readonly supportDumpIncludes?: boolean
  /** The version that is to be replaced. */
  readonly version?: number
  readonly locks?: readonly CaptureLock[]
}

/** How many calls an SDK or a proxy saw since its last report. */
export interface CaptureReport {
  readonly instance: string
  readonly sequence: number
  readonly kind: string
  readonly version: string
  readonly profile?: string | null
  readonly host?: string | null
  readonly policyVersion?: number | null
  readonly dropped?: number
  readonly counts: readonly {
    readonly hour: string
    readonly endpoint: string
    readonly method: string
    readonly class: "1xx" | "2xx" | "3xx" | "4xx" | "5xx" | "none"
    readonly calls: number
    readonly bytesIn: number
    readonly bytesOut: number
  }[]
}

/** What became of a report. */
export interface CaptureReportAnswer {
  readonly outcome: "counted" | "repeated"
  /** The version of the policy that counts now. */
  readonly policyVersion: number
  /** Counts that were too old to be kept. */
  readonly passedOver: number
}

/** One value before and after. */
export interface Change {
  /** A JSON pointer or a name; empty means the whole. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** One value before and after. */
export interface ChangeInput {
  /** A JSON pointer or a name; empty means the whole. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

/** An event as a producer sends it. Fields that are not listed are refused; null counts as absent. What a schema does not say is checked as well: that occurredAt exists in the calendar, that peerIp is an address, that no text holds U+0000 or half of a surrogate pair, that numbers can be kept exactly, and sizes: 262144 bytes of JSON without raw, 262144 bytes in raw, 32768 in metadata, 8192 in attributes; lengths of text are counted in UTF-16 units. */
export interface EventInput {
  /** A UUID. Send one to make a retry harmless: the same id is the same event. */
  readonly id?: string | null
  /** The key that the record has where it comes from. */
  readonly sourceId?: string | null
  /** RFC 3339, up to six digits of a second. Without a zone it is UTC, without the field it is now. */
  readonly occurredAt?: string | null
  /** Beside rawFormat only: the time as the original spells it, when occurredAt was read from it. */
  readonly occurredAtText?: string | null
  /** Beside rawFormat only: what the original leaves out of its time. */
  readonly occurredAtAssumed?: "none" | "zone" | "time" | null
  readonly environment?: string | null
  /** Resource and verb: invoice.approve. */
  readonly operation: string
  readonly operationCode?: number | null
  readonly family?: string | null
  readonly description?: string | null
  readonly actor: ActorInput
  readonly targets?: readonly TargetInput[] | null
  readonly status: "success" | "failure" | "denied" | "unknown"
  readonly statusCode?: string | number | null
  readonly statusMessage?: string | null
  readonly source?: SourceInput | null
  /** Shared by the events of one request. */
  readonly requestId?: string | null
  readonly traceId?: string | null
  readonly http?: HttpInput | null
  readonly details?: readonly string[] | null
  readonly changes?: readonly ChangeInput[] | null
  readonly metadata?: Readonly<Record<string, unknown>> | null
  /** The original bytes of an imported event, in base64. */
  readonly raw?: string | null
  /** The name of the format of the original. */
  readonly rawFormat?: string | null
  /** Why the original was not kept. */
  readonly rawWithheld?: string | null
}

/** One page of the answer to a question. */
export interface EventPage {
  readonly events: readonly AuditEvent[]
  /** Send it as cursor for the next page; null when there is none. */
  readonly nextCursor: string | null
  /** Set when the look stopped early: back to here all was searched. */
  readonly searchedBackTo: Instant | null
  /** What of each event the text was looked for in, and how far; null without a text. */
  readonly textSearched: {
    readonly parts: readonly {
      readonly part: "operation" | "actor" | "onBehalfOf" | "source" | "requestId" | "targets" | "sentence" | "description"
      readonly characters: number
    }[]
    /** False while events of an earlier version are being prepared: of those less is searched. */
    readonly complete: boolean
  } | null
  readonly window: {
    readonly from: Instant
    readonly before: Instant
  }
  /** The size of the log that the answer holds for. */
  readonly asOf: number
  readonly apps: readonly App[]
  /** A query string that means these events whenever it is asked or exported. */
  readonly fixedQuery: string
}

/** A line of the JSON Lines export. */
export interface ExportedEvent {
  readonly id: string
  readonly organizationId: string
  readonly appId: string
  /** Its place in the organization's log: 0, 1, 2 ... without gaps. */
  readonly index: number
  /** SHA-256 of its leaf, base64url. */
  readonly leafHash: string
  readonly occurredAt: Instant
  /** As sent, when it was spelled otherwise. */
  readonly occurredAtText?: string
  /** What was not sent: the zone (taken as UTC), the time of day (taken as the start of the day in UTC), or all of it (taken as the time of receipt). */
  readonly occurredAtAssumed: "none" | "zone" | "time" | "received"
  readonly receivedAt: Instant
  readonly environment?: string
  /** The key that the record has where it comes from. */
  readonly sourceId?: string
  /** Resource and verb: invoice.approve. */
  readonly operation: string
  readonly operationCode?: number
  readonly actor: Actor
  readonly status: "success" | "failure" | "denied" | "unknown"
  readonly statusMessage?: string
  /** Shared by the events of one request. */
  readonly requestId?: string
  readonly traceId?: string
  readonly http?: Http
  /** The name of the format of the original. */
  readonly rawFormat?: string
  /** Why the original was not kept. */
  readonly rawWithheld?: string
  readonly family: string
  readonly description: string
  readonly targets: readonly Target[]
  readonly statusCode?: string
  readonly source?: {
    readonly ip: string | null
    /** The origin as it was sent. */
    readonly ipText: string
    /** An IP address. */
    readonly peerIp?: string
    readonly userAgent?: string
  }
  readonly details: readonly string[]
  readonly changes: readonly Change[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly raw?: string
}

/** One fault in what was sent. */
export interface Fault {
  /** RFC 6901; empty means the whole. */
  readonly pointer: string
  readonly detail: string
}

/** One event, with the original of an imported one. */
export interface FoundEvent {
  readonly event: AuditEvent
  readonly raw: string | null
  readonly app: App | null
}

/** The request that was recorded. */
export interface Http {
  readonly method?: string
  readonly path?: string
  readonly route?: string
  readonly status?: number
  readonly durationMs?: number
  readonly requestBytes?: number
  readonly responseBytes?: number
}

/** The request that was recorded. */
export interface HttpInput {
  readonly method?: string | null
  readonly path?: string | null
  readonly route?: string | null
  readonly status?: number | null
  readonly durationMs?: number | null
  readonly requestBytes?: number | null
  readonly responseBytes?: number | null
}

/** A moment in UTC to the microsecond; always six digits, so that the order of texts is the order of time. */
export type Instant = string

/** What became of one item of a batch. */
export type ItemResult = {
  readonly outcome: "accepted"
  readonly id: string
  readonly index: number
  readonly leafHash: string
} | {
  readonly outcome: "duplicate"
  readonly id: string
  readonly index: number
  readonly leafHash: string
} | {
  readonly outcome: "conflict"
  readonly id: string
} | {
  readonly outcome: "rejected"
  readonly code: "invalid" | "too-large"
  readonly errors: readonly Fault[]
}

/** What an API key is. */
export interface Key {
  readonly id: string
  readonly name: string
  readonly organization: {
    readonly id: string
    readonly slug: string
    readonly name: string
  }
  readonly app: App
  readonly permissions: readonly ("LOG-MANAGEMENT" | "LOG-EXPORT" | "LOG-OWN" | "LOG-INGESTION" | "APP-MANAGEMENT" | "CAPTURE-MANAGEMENT" | "SINK-MANAGEMENT" | "RETENTION-MANAGEMENT" | "INTEGRITY-MANAGEMENT" | "MEMBER-MANAGEMENT" | "ROLE-MANAGEMENT" | "ORGANIZATION-MANAGEMENT")[]
}

/** Every refusal (RFC 9457). */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** One word for programs. */
  readonly code: string
  /** Names the request in the server's log. */
  readonly requestId: string
  readonly errors?: readonly Fault[]
}

/** A question in JSON: the same as the parameters of GET /api/v1/events. */
export interface Query {
  readonly window?: "15m" | "1h" | "24h" | "today" | "yesterday" | "7d" | "30d" | "90d" | "1y" | "this-month" | "last-month" | "all"
  readonly from?: string
  readonly to?: string
  readonly excludeToday?: boolean
  readonly zone?: string
  readonly include?: {
    readonly app?: readonly string[]
    readonly operation?: readonly string[]
    readonly code?: readonly string[]
    readonly status?: readonly string[]
    readonly actor?: readonly string[]
    readonly target?: readonly string[]
    readonly ip?: readonly string[]
    readonly request?: readonly string[]
  }
  readonly exclude?: {
    readonly app?: readonly string[]
    readonly operation?: readonly string[]
    readonly code?: readonly string[]
    readonly status?: readonly string[]
    readonly actor?: readonly string[]
    readonly target?: readonly string[]
    readonly ip?: readonly string[]
    readonly request?: readonly string[]
  }
  readonly text?: string
  readonly order?: "newest" | "oldest" | "recorded"
  readonly limit?: number
  readonly cursor?: string
  readonly asOf?: number
}

/** The event is committed to disk: its number and its seal. Keep them, and nobody can change it unseen. */
export interface Receipt {
  readonly outcome: "accepted" | "duplicate"
  readonly id: string
  readonly index: number
  readonly leafHash: string
}

/** Where copies of events go, and how far it is. No credential is ever in it. */
export interface Sink {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly kindLabel: string
  readonly destination: string
  /** As the kind declares them: see the list of kinds. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly credentials: readonly {
    readonly name: string
    readonly label: string
    readonly required: boolean
    readonly isSet: boolean
  }[]
  readonly credentialsSetAt: string | null
  readonly credentialsSetBy: string | null
  /** As in the url of the log; empty: every event. */
  readonly query: string
  readonly format: string
  readonly redactIdentity: boolean
  readonly omit: readonly string[]
  /** Increased by every change. */
  readonly version: number
  readonly state: "delivering" | "waiting" | "failing" | "misconfigured" | "paused"
  readonly pausedReason: "person" | "gone" | "credentials" | "dead-letters" | null
  readonly pausedAt: string | null
  /** The environment of the server makes it: it is read only. */
  readonly isServer: boolean
  /** The variables that make it. */
  readonly setBy: readonly string[]
  readonly createdAt: string | null
  readonly createdBy: string | null
  readonly progress: SinkProgress
  /** Events that it refuses, those that are still tried included. */
  readonly deadLetters: number
  readonly replays: readonly SinkReplay[]
}

/** What is absent stays as it is. Another host forgets the credentials: enter them again. */
export interface SinkChange {
  /** The version that was read. */
  readonly version: number
  readonly name?: string
  /** Cannot change. */
  readonly kind?: string
  /** As the kind declares them: see the list of kinds. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Secrets by their names. They are never answered. Null deletes one; an absent one stays, unless the host changes. */
  readonly credentials?: Readonly<Record<string, string | null>>
  readonly query?: string
  readonly format?: string
  readonly redactIdentity?: boolean
  readonly omit?: readonly string[]
}

/** A new sink. It begins with the next event, unless begin says otherwise. */
export interface SinkCreation {
  readonly name: string
  readonly kind: string
  /** As the kind declares them: see the list of kinds. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Secrets by their names. They are never answered. Null deletes one; an absent one stays, unless the host changes. */
  readonly credentials?: Readonly<Record<string, string | null>>
  readonly query?: string
  readonly format?: string
  readonly redactIdentity?: boolean
  readonly omit?: readonly string[]
  readonly begin?: {
    readonly at: "now" | "beginning"
  } | {
    readonly at: "time"
    readonly time: string
  }
}

/** Events that the sink refuses, in the order of their numbers. */
export interface SinkDeadLetters {
  readonly deadLetters: readonly {
    readonly id: string
    readonly index: number
    readonly eventId: string
    readonly reason: string
    readonly tries: number
    readonly firstRefusedAt: string
    readonly lastRefusedAt: string
    /** Null: only when somebody asks. */
    readonly nextTryAt: string | null
  }[]
  /** Send it as after. */
  readonly next: number | null
  readonly total: number
}

/** The sink that is gone. */
export interface SinkDeleted {
  readonly id: string
}

/** Receipts, the newest first. */
export interface SinkDeliveries {
  readonly deliveries: readonly {
    readonly id: string
    readonly at: string
    readonly durationMs: number
    readonly outcome: "taken" | "partly" | "later" | "configuration" | "gone" | "credentials"
    readonly first: number
    readonly past: number
    readonly batchId: string
    readonly events: number
    readonly taken: number
    readonly refused: number
    readonly bytes: number
    readonly answer: string | null
    readonly isReplay: boolean
  }[]
  /** Send it as before. */
  readonly next: string | null
  /** All of the last 24 hours. */
  readonly day: {
    readonly attempts: number
    readonly failed: number
    readonly taken: number
    readonly refused: number
    readonly bytes: number
  }
}

/** A sink to be tried before it is saved; with an id, a change of that sink. */
export interface SinkDraftTest {
  readonly id?: string
  readonly draft: {
    readonly name?: string
    readonly kind: string
    /** As the kind declares them: see the list of kinds. */
    readonly settings: Readonly<Record<string, unknown>>
    /** Secrets by their names. They are never answered. Null deletes one; an absent one stays, unless the host changes. */
    readonly credentials?: Readonly<Record<string, string | null>>
    readonly query?: string
    readonly format?: string
    readonly redactIdentity?: boolean
    readonly omit?: readonly string[]
  }
}

/** The kinds that the organization may have, and what each needs. */
export interface SinkKinds {
  readonly kinds: readonly {
    readonly kind: string
    readonly label: string
    readonly summary: string
    readonly fields: readonly {
      readonly name: string
      readonly label: string
      readonly help?: string
      readonly input: "text" | "url" | "number" | "switch" | "choice" | "pem"
      readonly choices?: readonly {
        readonly value: string
        readonly label: string
      }[]
      readonly placeholder?: string
      readonly initial?: string | number | boolean
    }[]
    readonly credentials: readonly {
      readonly name: string
      readonly label: string
      readonly required: boolean
    }[]
    readonly formats: readonly {
      readonly name: string
      readonly label: string
      readonly summary: string
    }[]
    readonly order: "strict" | "by item"
    /** What an answer of the receiver proves. */
    readonly proof: string
  }[]
  readonly omittable: readonly {
    readonly name: string
    readonly label: string
  }[]
}

/** How far a sink is in the log. */
export interface SinkProgress {
  /** The number of the next event. */
  readonly next: number
  /** The end of the log or of the replay; not included. */
  readonly past: number
  readonly behindEvents: number
  /** The age of the oldest event that waits. */
  readonly behindSeconds: number | null
  readonly taken: number
  /** Not meant by the query of the sink. */
  readonly passedOver: number
  readonly refused: number
  /** Removed from the log before they could be sent. */
  readonly missed: number
  /** Failed attempts in a row. */
  readonly failures: number
  readonly firstFailureAt: string | null
  readonly lastSuccessAt: string | null
  readonly lastError: {
    /** later, configuration, gone or credentials. */
    readonly kind: string
    readonly message: string
    readonly at: string
  } | null
  readonly nextAttemptAt: string | null
}

/** What a replay would send, before the query of the sink. */
export interface SinkRange {
  readonly first: number
  readonly past: number
  readonly events: number
  readonly needsConfirmation: boolean
}

/** A part of the log that is sent once more. */
export interface SinkReplay {
  /** The number of the next event. */
  readonly next: number
  /** The end of the log or of the replay; not included. */
  readonly past: number
  readonly behindEvents: number
  /** The age of the oldest event that waits. */
  readonly behindSeconds: number | null
  readonly taken: number
  /** Not meant by the query of the sink. */
  readonly passedOver: number
  readonly refused: number
  /** Removed from the log before they could be sent. */
  readonly missed: number
  /** Failed attempts in a row. */
  readonly failures: number
  readonly firstFailureAt: string | null
  readonly lastSuccessAt: string | null
  readonly lastError: {
    /** later, configuration, gone or credentials. */
    readonly kind: string
    readonly message: string
    readonly at: string
  } | null
  readonly nextAttemptAt: string | null
  readonly id: string
  readonly first: number
  readonly startedAt: string
  readonly startedBy: string | null
  readonly endedAt: string | null
}

/** Numbers of events, past not included; or when they were received, to not included. */
export interface SinkReplayInput {
  readonly range: {
    readonly first: number
    readonly past: number
  } | {
    readonly from: string
    readonly to: string
  }
  /** Required above 10,000,000 events. */
  readonly confirmed?: boolean
}

/** How many are tried again. */
export interface SinkRetried {
  readonly retried: number
}

/** The numbers of the events; absent: all of them. */
export interface SinkRetry {
  readonly indexes?: readonly number[]
}

/** What was sent, and what came back. */
export interface SinkTest {
  /** Exactly what was sent; credentials are replaced by their names. */
  readonly sent: string
  readonly taken: boolean
  readonly durationMs: number
  readonly answer: string
}

/** The sinks of the organization, the one of the environment first. */
export interface Sinks {
  readonly sinks: readonly Sink[]
  /** SDKs and proxies that could not record calls within the last day. */
  readonly losses: {
    readonly instances: number
    readonly dropped: number
  }
}

/** Where it came from. */
export interface SourceInput {
  /** The origin as you know it; need not be an address. */
  readonly ip?: string | null
  /** An IP address. */
  readonly peerIp?: string | null
  readonly userAgent?: string | null
}

/** What it was done to. */
export interface Target {
  readonly type: string
  readonly id: string
  readonly name?: string
  readonly attributes?: Readonly<Record<string, unknown>>
}

/** What it was done to. */
export interface TargetInput {
  readonly type: string
  readonly id: string
  readonly name?: string | null
  readonly attributes?: Readonly<Record<string, unknown>> | null
}

/** The policy as UCP's clients read and write it. */
export interface UcpLogging {
  /** DEBUG, INFO, WARN or ERROR. */
  readonly logLevel: string
  /** none, metadata, request or request-response. */
  readonly auditLevel: string
  readonly supportDumpIncludeAuditLogs: boolean
}

/** What each endpoint takes and answers, by its method and path. */
export interface Calls {
  /** Takes one event, an array of events, or one event a line. */
  readonly "POST /api/v1/events": {
    readonly input: {
      readonly body: EventInput | readonly EventInput[]
    }
    readonly answer: Receipt | BatchResult
  }
  /** Searches the audit log and answers one page of events. */
  readonly "GET /api/v1/events": {
    readonly input: {
      readonly query?: {
        /** A window that ends now or a calendar's; default 30d, in recorded order all. */
        readonly window?: "15m" | "1h" | "24h" | "today" | "yesterday" | "7d" | "30d" | "90d" | "1y" | "this-month" | "last-month" | "all"
        /** Start of the window: year, month, date, date-time or instant. */
        readonly from?: string
        /** End of the time range, included to its own precision: 2026-03-31 is the whole day. */
        readonly to?: string
        /** IANA zone in which days begin; default UTC. */
        readonly zone?: string
        /** 1 ends the window at the last midnight. */
        readonly "exclude-today"?: "0" | "1"
        /** App: billing. Several mean either. */
        readonly app?: readonly string[]
        /** Without these: App. */
        readonly "-app"?: readonly string[]
        /** Operation: workflow.create, workflow.*, *.delete or 400. Several mean either. */
        readonly operation?: readonly string[]
        /** Without these: Operation. */
        readonly "-operation"?: readonly string[]
        /** Code: 400, or 0 for events without a code. Several mean either. */
        readonly code?: readonly string[]
        /** Without these: Code. */
        readonly "-code"?: readonly string[]
        /** Status: success, failure, denied, unknown. Several mean either. */
        readonly status?: readonly string[]
        /** Without these: Status. */
        readonly "-status"?: readonly string[]
        /** Actor: the actor's name or id. Several mean either. */
        readonly actor?: readonly string[]
        /** Without these: Actor. */
        readonly "-actor"?: readonly string[]
        /** Target: workflow:invoices or invoices. Several mean either. */
        readonly target?: readonly string[]
        /** Without these: Target. */
        readonly "-target"?: readonly string[]
        /** Source IP: 203.0.113.7 or 203.0.113.0/24. Several mean either. */
        readonly ip?: readonly string[]
        /** Without these: Source IP. */
        readonly "-ip"?: readonly string[]
        /** Request: the request's id. Several mean either. */
        readonly request?: readonly string[]
        /** Without these: Request. */
        readonly "-request"?: readonly string[]
        /** A part of description, operation, names, ids, request id or source. */
        readonly text?: string
        /** recorded is the order of the index, for pullers. */
        readonly order?: "newest" | "oldest" | "recorded"
        /** Only events numbered below this: the size of the log when the question was asked. */
        readonly "as-of"?: number
        /** Events a page. */
        readonly limit?: number
        /** `nextCursor` of the page before; everything else of the question must be the same. */
        readonly cursor?: string
      }
    }
    readonly answer: EventPage
  }
  /** Searches the audit log and answers one page of events. */
  readonly "POST /api/v1/events/search": {
    readonly input: {
      readonly body: Query
    }
    readonly answer: EventPage
  }
  /** Finds one event by its id. */
  readonly "GET /api/v1/events/{id}": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answer: FoundEvent
  }
  /** Tells the organization, the app and the permissions of the API key that is used. */
  readonly "GET /api/v1/key": {
    readonly input: Readonly<Record<string, never>>
    readonly answer: Key
  }
  /** Tells what is recorded of API calls, and what of that the environment sets. */
  readonly "GET /api/v1/capture/policy": {
    readonly input: Readonly<Record<string, never>>
    readonly answer: CapturePolicyAnswer
  }
  /** Decides what is recorded of API calls. */
  readonly "PUT /api/v1/capture/policy": {
    readonly input: {
      readonly body: CapturePolicyChange
    }
    readonly answer: CapturePolicyAnswer
  }
  /** Takes how many calls an SDK or a proxy saw, also those that are not recorded. */
  readonly "POST /api/v1/capture/counts": {
    readonly input: {
      readonly body: CaptureReport
    }
    readonly answer: CaptureReportAnswer
  }
  /** Tells what is recorded of API calls in the form of UCP's settings. */
  readonly "GET /api/ucp/config/logging": {
    readonly input: Readonly<Record<string, never>>
    readonly answer: UcpLogging
  }
  /** Decides what is recorded of API calls in the form of UCP's settings. */
  readonly "PUT /api/ucp/config/logging": {
    readonly input: {
      readonly body: UcpLogging
    }
    readonly answer: UcpLogging
  }
  /** Lists the sinks: where copies of events go, and how far each one is. */
  readonly "GET /api/v1/sinks": {
    readonly input: Readonly<Record<string, never>>
    readonly answer: Sinks
  }
  /** Creates a sink: copies of events go there from now on, or from an earlier one on. */
  readonly "POST /api/v1/sinks": {
    readonly input: {
      readonly body: SinkCreation
    }
    readonly answer: Sink
  }
  /** Lists the kinds of sinks, with their settings, credentials and formats. */
  readonly "GET /api/v1/sinks/kinds": {
    readonly input: Readonly<Record<string, never>>
    readonly answer: SinkKinds
  }
  /** Sends one made-up event to a sink, saved or not, and tells what was sent and what was answered. */
  readonly "POST /api/v1/sinks/test": {
    readonly input: {
      readonly body: SinkDraftTest
    }
    readonly answer: SinkTest
  }
  /** Finds one sink, with how far it is and its replays. */
  readonly "GET /api/v1/sinks/{id}": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answer: Sink
  }
  /** Changes a sink. Its credentials are forgotten when it leads to another host. */
  readonly "PATCH /api/v1/sinks/{id}": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
      readonly body: SinkChange
    }
    readonly answer: Sink
  }
  /** Deletes a sink, its credentials and its receipts. What it has received stays there. */
  readonly "DELETE /api/v1/sinks/{id}": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answer: SinkDeleted
  }
  /** Pauses a sink: nothing is sent until it is resumed, and nothing is lost. */
  readonly "POST /api/v1/sinks/{id}/pause": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answer: Sink
  }
  /** Resumes a paused sink: it goes on with the event after the last one that was taken. */
  readonly "POST /api/v1/sinks/{id}/resume": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answer: Sink
  }
  /** Sends one made-up event to a sink, saved or not, and tells what was sent and what was answered. */
  readonly "POST /api/v1/sinks/{id}/test": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answer: SinkTest
  }
  /** Counts the events of a range before it is replayed. */
  readonly "GET /api/v1/sinks/{id}/range": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
      readonly query?: {
        /** The number of the first event. */
        readonly first?: number
        /** The end; not included. */
        readonly past?: number
        /** Instead of numbers: events that were received from this time on. */
        readonly from?: string
        /** The end of the time range; not included. */
        readonly to?: string
      }
    }
    readonly answer: SinkRange
  }
  /** Sends a part of the log to a sink once more. */
  readonly "POST /api/v1/sinks/{id}/replays": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
      readonly body: SinkReplayInput
    }
    readonly answer: Sink
  }
  /** Ends a replay before it has sent everything. */
  readonly "DELETE /api/v1/sinks/{id}/replays/{replayId}": {
    readonly input: {
      readonly path: {
        readonly id: string
        readonly replayId: string
      }
    }
    readonly answer: Sink
  }
  /** Lists the receipts of a sink: one for each attempt, with what was answered. */
  readonly "GET /api/v1/sinks/{id}/deliveries": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
      readonly query?: {
        /** How far back; receipts are kept for 30 days. */
        readonly hours?: number
        /** Only attempts with another outcome than taken. */
        readonly troubledOnly?: boolean
        /** `next` of the page before. */
        readonly before?: string
        /** Entries a page. */
        readonly limit?: number
      }
    }
    readonly answer: SinkDeliveries
  }
  /** Lists the events that a sink refuses, each with the reason. */
  readonly "GET /api/v1/sinks/{id}/dead-letters": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
      readonly query?: {
        /** `next` of the page before. */
        readonly after?: number
        /** Entries a page. */
        readonly limit?: number
      }
    }
    readonly answer: SinkDeadLetters
  }
  /** Sends events that a sink has refused once more. */
  readonly "POST /api/v1/sinks/{id}/dead-letters/retry": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
      readonly body: SinkRetry
    }
    readonly answer: SinkRetried
  }
}

