import { accessKeyOwner, observer } from "./cloudtrail-identity"
import { outcomeOf } from "./cloudtrail-outcome"
import { familyOf, faultOf, insightOf, operationOf } from "./cloudtrail-records"
import { targetsOf } from "./cloudtrail-targets"
import { json } from "./engine/json-reader"
import { mapped } from "./engine/mapped"
import { rule, text } from "./engine/rules"

const short = (path: string) => text(path, 100)

/** Delivered files, what AWS's own tools and other services make of them, or one record a line. */
export const cloudtrail = mapped({
  name: "cloudtrail",
  title: "AWS CloudTrail",
  documentation:
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
  reader: json({
    // Of a delivered file, of lookup-events, of a CloudWatch subscription, of its filter-log-events.
    lists: ["Records", "Events", "logEvents", "events"],
    // Of an EventBridge event, of lookup-events, of CloudWatch.
    wrappings: ["detail", "CloudTrailEvent", "message"],
    isEmpty: value => value.messageType === "CONTROL_MESSAGE",
  }),
  // Query services for CloudTrail files hand out names in lower case, and parts as JSON texts.
  spelling: "lower case",
  texts: [
    ...["userIdentity", "resources", "insightDetails", "additionalEventData"],
    ...["requestParameters", "responseElements", "serviceEventDetails"],
  ],
  recognises: [
    { eventName: "text", eventSource: "text" },
    { insightDetails: "object", eventType: /Insight/ },
    { digestStartTime: "there", logFiles: "list" },
    { Records: "list" },
    { messageType: /^CONTROL_MESSAGE$/, logEvents: "list" },
  ],
  records: [{ eventName: "there", eventSource: "there" }, { insightDetails: "object" }],
  fault: faultOf,
  key: "eventID",
  resource: "aws",
  event: {
    occurredAt: [{ from: "eventTime", epochs: ["seconds", "milliseconds"] }],
    details: insightOf,
    operation: operationOf,
    family: familyOf,
    actor: [observer, accessKeyOwner],
    targets: [targetsOf],
    status: outcomeOf,
    statusCode: "errorCode",
    statusMessage: "errorMessage",
    source: { ip: "sourceIPAddress", userAgent: "userAgent" },
    requestId: "requestID",
    metadata: {
      awsRegion: short("awsRegion"),
      eventType: short("eventType"),
      eventCategory: short("eventCategory"),
      readOnly: rule("readOnly", record => {
        const value = record.at("readOnly")
        return typeof value === "boolean" ? value : undefined
      }),
      insightType: short("insightDetails.insightType"),
      insightState: short("insightDetails.state"),
    },
  },
  fills: { who: 1, what: 1, when: 1, where: 0.8, target: 0.6, outcome: 1 },
})
