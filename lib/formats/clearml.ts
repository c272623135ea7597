import { eventLimits } from "@/lib/audit/event/limits"
import { mapped } from "./engine/mapped"
import { always, rule, text } from "./engine/rules"

const short = (path: string) => text(path, eventLimits.nameLength)

export const clearml = mapped({
  name: "clearml",
  title: "ClearML API call entries",
  documentation: "https://clear.ml/docs/latest/docs/",
  word: "entry",
  recognises: [{ call_id: /^./, endpoint: "text" }],
  records: [{ call_id: "there", endpoint: "there" }],
  fault: "is no call entry of ClearML, which always has call_id and endpoint",
  key: "call_id",
  resource: "call",
  event: {
    occurredAt: [{ from: "@timestamp", epochs: ["seconds", "milliseconds"] }],
    operation: "endpoint",
    actor: [
      {
        type: always("user"),
        id: ["auth.identity.user", "auth.identity.user_name"],
        name: "auth.identity.user_name",
        role: "auth.identity.role",
        // The company is the tenant by ClearML's word; here the key decides the organization, and the word stays an attribute.
        attributes: {
          company: short("auth.identity.company"),
          company_name: short("auth.identity.company_name"),
        },
      },
    ],
    source: { onlyIp: "ip" },
    requestId: "call_id",
    http: {
      route: "endpoint",
      status: "result.code",
      durationMs: "duration",
      requestBytes: "request_size",
      responseBytes: "response_size",
    },
    status: rule("result.code", record => {
      const code = record.at("result.code")
      if (typeof code !== "number") return undefined
      if (code === 401 || code === 403) return "denied"
      return code >= 200 && code < 400 ? "success" : "failure"
    }),
    statusCode: "result.code",
    statusMessage: "result.msg",
  },
  fills: { who: 1, what: 1, when: 1, where: 1, target: 0, outcome: 1 },
})
