/** The classes of a status; `none`: there was no answer. */
export const statusClasses = ["1xx", "2xx", "3xx", "4xx", "5xx", "none"] as const
export type StatusClass = (typeof statusClasses)[number]

/** Calls of one endpoint in one hour that ended alike. */
export interface ReportedCount {
  /** An instant within the hour. */
  readonly hour: Date
  readonly endpoint: string
  readonly method: string
  readonly class: StatusClass
  readonly calls: number
  readonly bytesIn: number
  readonly bytesOut: number
}

/** What an SDK or a proxy says about itself and about the calls that it saw since its last report. */
export interface CaptureReport {
  readonly instance: string
  readonly sequence: number
  readonly kind: string
  readonly version: string
  readonly profile: string | null
  readonly host: string | null
  readonly policyVersion: number | null
  /** Calls that the instance could not record, since its start. */
  readonly dropped: number
  readonly counts: readonly ReportedCount[]
}

/** `repeated`: a report with this number, or a later one, was counted before. */
export interface CountedReport {
  readonly outcome: "counted" | "repeated"
  /** Counts that were too old to be kept. */
  readonly passedOver: number
}

/** What is kept of reports. */
export const reportLimits = {
  counts: 2_000,
  instances: 1_000,
  instanceDays: 30,
  endpoints: 2_000,
  endpointCharacters: 200,
  countDays: 90,
} as const

/** The name under which further endpoints of an app are counted. */
export const otherEndpoint = "other"
