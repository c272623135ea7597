/**
 * The limits of an event. Text is counted in UTF-16 units (as `length` does), bytes in the canonical JSON. Whatever exceeds
 * a limit is rejected with a pointer to it; nothing is ever cut.
 */
export const eventLimits = {
  /** The whole event, without `raw`. */
  eventBytes: 256 * 1024,
  /** The original bytes of an imported event, after base64 decoding. */
  rawBytes: 256 * 1024,
  metadataBytes: 32 * 1024,
  /** `attributes` of the actor and of each target. */
  attributesBytes: 8 * 1024,
  /** Nested arrays and objects in `metadata`, `attributes`, `before` and `after`, including the outermost. */
  nestingDepth: 32,
  operationLength: 120,
  familyLength: 120,
  descriptionLength: 2000,
  statusMessageLength: 2000,
  statusCodeLength: 64,
  environmentLength: 64,
  /** Ids of actors, targets, credentials, requests, traces, and the id in the source system. */
  idLength: 512,
  /** Names, emails and roles. */
  nameLength: 256,
  /** Types of targets and credentials. */
  typeLength: 128,
  sourceLength: 512,
  userAgentLength: 1024,
  httpMethodLength: 32,
  httpPathLength: 2048,
  detailCount: 64,
  detailLength: 2000,
  changeCount: 64,
  changePathLength: 512,
  targetCount: 20,
  rawFormatLength: 64,
  rawWithheldLength: 512,
} as const

/** The form of an operation and a family: lower-case words; an operation has at least a resource and a verb. */
export const operationPattern = /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)+$/
export const familyPattern = /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)*$/
