import { json } from "./engine/json-reader"
import { mapped } from "./engine/mapped"
import { always, httpOutcome, like, named, without, word } from "./engine/rules"

const group = /^audit\.k8s\.io\//
const page = "https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/"

/** A file of the log backend, an EventList of the webhook, or what a managed cluster hands on through CloudWatch. */
export const kubernetes = mapped({
  name: "kubernetes",
  title: "Kubernetes audit events (audit.k8s.io)",
  documentation: page,
  reader: json({ lists: ["items", "logEvents", "events"], wrappings: ["message"] }),
  recognises: [
    { apiVersion: group, kind: /^Event(?:List)?$/ },
    { auditID: "text", verb: /^[a-z]+$/, level: /^(?:Metadata|Request|RequestResponse)$/ },
    { kind: /^Event$/, verb: /^[a-z]+$/, "objectRef.resource": "text" },
  ],
  records: [
    { apiVersion: group, kind: /^Event$/ },
    { verb: /^[a-z]+$/, kind: /^Event$/ },
    { verb: /^[a-z]+$/, auditID: "there" },
  ],
  fault: "is no audit event of Kubernetes, which always has a verb and a kind or an auditID",
  // One request leaves an event for each stage.
  key: "{auditID}:{stage?}",
  event: {
    occurredAt: [{ from: ["requestReceivedTimestamp", "stageTimestamp"] }],
    operation: "{objectRef.resource?}.{objectRef.subresource?}.{verb}",
    actor: [
      {
        type: [
          like("user.username", /^system:anonymous$/, "anonymous"),
          like("user.username", /^system:serviceaccount:/, "service_account"),
          like("user.username", /^(?:system|eks|aks):/, "system"),
          always("user"),
        ],
        id: ["user.username", "user.uid"],
        name: "user.username",
        credential: {
          type: always("credential"),
          id: ["user.extra.authentication.kubernetes.io/credential-id.0", "user.extra.accessKeyId.0"],
        },
        onBehalfOf: { type: always("user"), id: "impersonatedUser.username" },
        attributes: named("user.uid", "user.groups", "user.extra"),
      },
    ],
    targets: [
      {
        type: "objectRef.resource",
        id: ["objectRef.name", "requestObject.metadata.name", "objectRef.resource"].map(
          last => `{objectRef.namespace?}/{${last}}`,
        ),
        name: ["objectRef.name", "requestObject.metadata.name"],
        attributes: named("objectRef.apiGroup", "objectRef.apiVersion", "objectRef.subresource"),
      },
      { type: always("url"), id: without("objectRef", "requestURI") },
    ],
    status: [
      word("annotations.authorization.k8s.io/decision", { forbid: "denied" }),
      httpOutcome("responseStatus.code"),
      word("responseStatus.status", { Success: "success", Failure: "failure" }),
    ],
    statusCode: ["responseStatus.reason", "responseStatus.code"],
    statusMessage: ["responseStatus.message", "annotations.authorization.k8s.io/reason"],
    source: { ip: "sourceIPs.0", userAgent: "userAgent" },
    requestId: "auditID",
    http: { path: "requestURI", status: "responseStatus.code" },
    // Every address but the last can be what the client says it is.
    metadata: named("level", "stage", "sourceIPs", "annotations", "requestObject.roleRef"),
  },
  fills: { who: 0.95, what: 1, when: 0.2, where: 0.79, target: 1, outcome: 1 },
  documented: {
    "impersonatedUser.username": page,
    "user.extra.authentication.kubernetes.io/credential-id.0":
      "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
  },
})
