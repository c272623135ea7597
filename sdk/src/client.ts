// Reads the log over the API: `import { Client } from "auditorium/client"`. Runs on Node and in a browser.
export { Client } from "./client/client"
export * from "./client/errors"
export type {
  AuditEvent,
  BatchResult,
  Calls,
  EventPage,
  ExportedEvent,
  FoundEvent,
  Key,
  Query,
} from "./client/generated/api"
export type { CallOptions, ClientOptions, FollowOptions, Retry } from "./client/options"
export type { QueryInput } from "./client/query-text"
