import { responseEntries } from "./clarifai-responses"
import { operation, operationCode, partedTime, targetsOf, userAttributes } from "./clarifai-rules"
import { json, rawPieces } from "./engine/json-reader"
import { mapped } from "./engine/mapped"
import { always, rule } from "./engine/rules"

/** As its gateway writes JSON, or as the libraries of Protocol Buffers do (names of enums, lowerCamelCase). */
export const clarifai = mapped({
  name: "clarifai",
  title: "Clarifai audit-log search (PostAuditLogSearches)",
  documentation: "https://docs.clarifai.com/control/control-center/audit-log",
  word: "entry",
  reader: { ...json({ lists: ["entries"] }), pieces: text => rawPieces(responseEntries(text)) },
  spelling: "camelCase",
  recognises: [{ "status.code": "there" }],
  // Two of the four, of which one is the time or the operation.
  records: [
    { timestamp: "there", operation: "there" },
    { timestamp: "there", user: "there" },
    { timestamp: "there", req_id: "there" },
    { operation: "there", user: "there" },
    { operation: "there", req_id: "there" },
  ],
  fault: "is no audit log entry of Clarifai, which always has two of timestamp, operation, user and req_id",
  // Entries have no key of their own: those of one request share its id.
  event: {
    occurredAt: [{ from: partedTime, epochs: ["seconds"] }, { from: "timestamp" }],
    operation,
    operationCode,
    description: "description",
    actor: [
      {
        type: always("user"),
        id: "user.id",
        name: "{user.first_name?} {user.last_name?}",
        email: "user.primary_email",
        attributes: userAttributes,
      },
    ],
    targets: [targetsOf],
    details: "details",
    // Some writers leave out a boolean that is false.
    status: rule("success", record => (record.at("success") === true ? "success" : "failure")),
    source: { onlyIp: "source_ip" },
    requestId: "req_id",
  },
  fills: { who: 0.66, what: 1, when: 1, where: 0.66, target: 0.66, outcome: 1 },
})
