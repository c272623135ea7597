import { json } from "./engine/json-reader"
import { mapped } from "./engine/mapped"
import { always, matching, named, word } from "./engine/rules"

const dotted = /^[A-Za-z]\w*(?:\.[\w-]+)+$/

/** As the System Log API, its exports, event hooks and log streams write it. */
export const okta = mapped({
  name: "okta",
  title: "Okta System Log",
  documentation: "https://developer.okta.com/docs/reference/api/system-log/",
  // Of an event hook (`data.events`), of a log stream through EventBridge (`detail`).
  reader: json({ lists: ["events"], wrappings: ["data", "detail"] }),
  // Warehouses hand out names in lower case.
  spelling: "lower case",
  recognises: [
    { eventType: dotted, "actor.id": "text", "actor.type": "text" },
    { eventType: dotted, uuid: "text", published: "text" },
    { eventType: dotted, displayMessage: "text", "outcome.result": "text" },
  ],
  records: ["actor", "published", "uuid", "outcome"].map(also => ({ eventType: dotted, [also]: "there" })),
  fault: "is no event of Okta's System Log, which always has an eventType and a time, an actor or an outcome",
  key: "uuid",
  event: {
    occurredAt: [{ from: "published", epochs: ["milliseconds"] }],
    operation: "eventType",
    description: "displayMessage",
    actor: [
      {
        type: word("actor.type", {
          User: "user",
          SystemPrincipal: "system",
          PublicClientApp: "connected_app",
          ServiceAccount: "service_account",
          "IP address": "anonymous",
        }),
        id: ["actor.id", "actor.alternateId"],
        name: "actor.displayName",
        email: matching("actor.alternateId", /^[^@\s]+@[^@\s]+$/),
        credential: {
          type: always("session"),
          id: matching("authenticationContext.externalSessionId", /^(?!unknown$)/i),
        },
        attributes: named("actor.type", "actor.alternateId"),
      },
    ],
    targets: [
      {
        each: "target",
        type: "type",
        id: ["id", "alternateId"],
        name: ["displayName", "alternateId"],
        attributes: named("alternateId", "detailEntry"),
      },
    ],
    // A challenge is not an outcome yet.
    status: word("outcome.result", {
      ...{ SUCCESS: "success", ALLOW: "success", FAILURE: "failure", ABANDONED: "failure", DENY: "denied" },
      ...{ RATE_LIMIT: "denied", UNANSWERED: "failure" },
    }),
    statusCode: "outcome.result",
    statusMessage: "outcome.reason",
    source: { ip: ["client.ipAddress", "request.ipChain.0.ip"], userAgent: "client.userAgent.rawUserAgent" },
    requestId: ["transaction.id", "debugContext.debugData.requestId"],
    http: { path: "debugContext.debugData.requestUri" },
    metadata: named(
      ...["severity", "legacyEventType", "client.device", "client.geographicalContext", "securityContext"],
      ...["authenticationContext.authenticationStep", "debugContext.debugData"],
    ),
  },
  fills: { who: 0.95, what: 1, when: 0.91, where: 0.91, target: 0.87, outcome: 0.83 },
})
