import { mapped } from "./engine/mapped"
import { always, httpOutcome, like, named, number, word } from "./engine/rules"

const action = /^[a-z][a-z0-9_-]*\.[a-z0-9_.-]+$/
const apiRequests =
  "https://docs.github.com/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/streaming-the-audit-log-for-your-enterprise"

/** As the REST API answers, as an export or a stream writes it, Git events included. */
export const github = mapped({
  name: "github",
  title: "GitHub audit log",
  documentation:
    "https://docs.github.com/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise",
  recognises: [
    ...["_document_id", "org", "business", "created_at", "repo"].map(also => ({
      ...{ action, actor: /^[\w.[\]-]+$/, [also]: "there" as const },
    })),
    { action, "@timestamp": "there", org: "text", repo: "text" },
  ],
  records: ["actor", "_document_id", "created_at", "@timestamp"].map(also => ({ action, [also]: "there" })),
  fault: "is no record of GitHub's audit log, which always has an action and an actor, an id or a time",
  key: "_document_id",
  event: {
    occurredAt: ["created_at", "@timestamp", "at_sign_timestamp"].map(from => ({
      from,
      epochs: ["milliseconds"],
    })),
    operation: "action",
    actor: [
      {
        type: [
          word("actor_is_bot", { true: "service_account" }),
          like("actor", /\[bot\]$/, "service_account"),
          always("user"),
        ],
        id: ["actor", "actor_id"],
        email: "external_identity_nameid",
        credential: {
          type: always("token"),
          id: ["token_id", "hashed_token"],
          name: "programmatic_access_type",
        },
        attributes: named("actor_id", "actor_location", "programmatic_access_type"),
      },
    ],
    targets: [
      { type: always("repository"), id: ["repo", "repository"], attributes: named("repo_id", "visibility") },
      { type: always("user"), id: "user", attributes: named("user_id") },
      { type: always("team"), id: "data.team" },
      { type: always("ruleset"), id: "ruleset_id", name: "ruleset_name" },
      { type: always("hook"), id: ["hook_id", "data.hook_id"] },
      { type: always("integration"), id: "integration" },
      { type: always("workflow_run"), id: "workflow_run_id", name: "name" },
      { type: always("branch"), id: "branch" },
      { type: always("organization"), id: "org", attributes: named("org_id") },
      { type: always("enterprise"), id: "business", attributes: named("business_id") },
    ],
    // The log tells what happened; of an attempt, the name or a member of its own says so.
    status: [
      httpOutcome("status_code"),
      word("conclusion", { failure: "failure", timed_out: "failure", cancelled: "failure" }),
      like("action", /failed|_failure/, "failure"),
      like("action", /reject|denied|block(?!ed_user)/, "denied"),
      always("success"),
    ],
    statusCode: ["status_code", "conclusion"],
    source: { ip: "actor_ip", userAgent: "user_agent" },
    requestId: "request_id",
    http: { method: "request_method", path: "url_path", status: number("status_code") },
    metadata: named(
      ...["operation_type", "transport_protocol_name", "protocol_name", "event", "head_branch", "head_sha"],
      ...["config", "data.events", "ghsa_id", "ruleset_enforcement", "ruleset_old_enforcement"],
    ),
  },
  fills: { who: 1, what: 1, when: 0.79, where: 0.12, target: 1, outcome: 1 },
  documented: Object.fromEntries(
    ["status_code", "request_id", "request_method", "url_path"].map(path => [path, apiRequests]),
  ),
})
