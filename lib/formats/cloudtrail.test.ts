import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import type { EventContent } from "@/lib/audit/event/event"
import { parseEvent } from "@/lib/audit/event/parse"
import { scanJson } from "@/lib/audit/json/scan"
import { cloudtrail } from "./cloudtrail"
import { RecordIds } from "./format"
import { formatFor } from "./formats"

const appId = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
const fixture = (name: string) => readFileSync(`${import.meta.dirname}/fixtures/${name}`, "utf8")

function read(text: string, ids = new RecordIds(appId, "cloudtrail")) {
  return [...cloudtrail.read(text, { ids })].map(record => {
    if (record.event === null) return { ...record, content: null, raw: null }
    const { value, faults } = scanJson(record.event)
    expect(faults).toEqual([])
    const parsed = parseEvent(value, { organizationId: "o", appId, newId: () => "none" })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
    const { content, raw } = parsed.prepared
    return { ...record, content, raw: raw && Buffer.from(raw).toString("utf8") }
  })
}

type Content = Omit<EventContent, "receivedAt" | "occurredAt">
function contentOf(members: object): Content {
  const record = {
    eventSource: "iam.amazonaws.com",
    eventName: "CreateUser",
    eventType: "AwsApiCall",
    ...members,
  }
  const [only] = read(JSON.stringify(record))
  if (!only?.content) throw new Error(JSON.stringify(only))
  return only.content
}

describe("the actor of a CloudTrail record", () => {
  const account = "111122223333"
  const signIn = (userIdentity: object, UserName?: string) =>
    contentOf({
      ...{
        eventSource: "signin.amazonaws.com",
        eventName: "CredentialVerification",
        eventType: "AwsServiceEvent",
      },
      userIdentity: { accountId: account, ...userIdentity },
      additionalEventData: UserName === undefined ? undefined : { UserName, CredentialType: "PASSWORD" },
    }).actor

  test("is the person of Identity Center, by their id or by the name that they signed in with, never the account", () => {
    const onBehalfOf = (userId: string) => ({
      onBehalfOf: { userId, identityStoreArn: `arn:aws:identitystore::${account}:i` },
    })
    expect(signIn({ type: "IdentityCenterUser", ...onBehalfOf("u-1") }, "ada")).toMatchObject({
      ...{ type: "user", id: "u-1", name: "ada" },
      attributes: { accountId: account, onBehalfOf: "u-1" },
    })
    expect(signIn({ type: "IdentityCenterUser" }, "ada").id).toBe("ada")
    expect(signIn({ type: "Unknown", principalId: account, arn: "" }, "grace").id).toBe("grace")
    expect(signIn({ type: "IAMUser", userName: "eve" }).id).toBe("eve")
    expect(signIn({ type: "IdentityCenterUser" })).toEqual({ type: "anonymous", id: "anonymous" })
    const hidden = { type: "IAMUser", userName: "HIDDEN_DUE_TO_SECURITY_REASONS" }
    expect(signIn(hidden, "ada").id).toBe("ada")
  })

  test("is a role by its session's ARN, and the account where another account called", () => {
    const arn = "arn:aws:sts::1:assumed-role/R/ada"
    expect(signIn({ type: "AssumedRole", arn, onBehalfOf: { userId: "u-1" } })).toMatchObject({
      ...{ type: "service_account", id: arn },
      attributes: { onBehalfOf: "u-1" },
    })
    expect(signIn({ type: "AWSAccount", principalId: account }).id).toBe(account)
  })
})

describe("the outcome of a CloudTrail record", () => {
  const service = { eventType: "AwsServiceEvent" }
  const signIn = { eventType: "AwsConsoleSignIn", eventSource: "signin.amazonaws.com" }
  test.each<[string, string, object]>([
    ["an API call without an error", "success", {}],
    ["an error", "failure", { errorCode: "ThrottlingException" }],
    ["a refusal", "denied", { errorCode: "Client.UnauthorizedOperation" }],
    ["a message without a code", "failure", { errorMessage: "Failed authentication" }],
    ["a failed console sign-in", "failure", { ...signIn, responseElements: { ConsoleLogin: "Failure" } }],
    ["a console sign-in", "success", { ...signIn, responseElements: { ConsoleLogin: "Success" } }],
    ["a sign-in that says nothing", "unknown", signIn],
    [
      "a refused credential",
      "failure",
      { ...service, serviceEventDetails: { CredentialVerification: "Failure" } },
    ],
    [
      "a checked credential",
      "success",
      { ...service, serviceEventDetails: { CredentialVerification: "Success" } },
    ],
    ["a failure in further data", "failure", { ...signIn, additionalEventData: { MfaChallenge: "Failure" } }],
    [
      "a FAILED state",
      "failure",
      { ...service, serviceEventDetails: { createAccountStatus: { state: "FAILED" } } },
    ],
    [
      "a SUCCEEDED state",
      "success",
      { ...service, serviceEventDetails: { createAccountStatus: { state: "SUCCEEDED" } } },
    ],
    ["a state in a text", "failure", { ...service, serviceEventDetails: '{"status": {"state": "FAILED"}}' }],
    ["a denied state", "denied", { ...service, serviceEventDetails: { status: "ACCESS_DENIED" } }],
    ["a service's own event", "unknown", { ...service, serviceEventDetails: { keyId: "k" } }],
    ["a service's event that is called so", "failure", { ...service, eventName: "RotationFailed" }],
    ["a call answered with false", "failure", { responseElements: { _return: false } }],
    [
      "a call that shows a failed resource",
      "success",
      { responseElements: { instance: { state: "failed" } } },
    ],
  ])("of %s is %s", (_, status, members) => {
    expect(contentOf(members).status).toBe(status)
  })
})

test("an Insight event is about the call in its detail, seen by AWS, with no outcome, also in a file of lines", () => {
  const insight = {
    ...{ eventVersion: "1.08", eventTime: "2023-07-10T11:45:00Z", awsRegion: "eu-central-1", eventID: "i-1" },
    ...{
      eventType: "AwsCloudTrailInsight",
      recipientAccountId: "1",
      sharedEventID: "s",
      eventCategory: "Insight",
    },
    insightDetails: {
      ...{ state: "Start", eventSource: "ec2.amazonaws.com", eventName: "RunInstances" },
      ...{ insightType: "ApiErrorRateInsight", errorCode: "Client.InsufficientInstanceCapacity" },
      insightContext: { statistics: { baseline: { average: 0.1 }, insight: { average: 9 } } },
    },
  }
  const line = JSON.stringify(insight)
  expect(formatFor("auto", line).name).toBe("cloudtrail")
  for (const text of [line, `{"Records":[${line}]}`]) {
    expect(read(text)).toMatchObject([
      {
        content: {
          ...{ operation: "ec2.run_instances", family: "ec2", status: "unknown", sourceId: "i-1" },
          actor: { type: "system", id: "AWS" },
          details: ["CloudTrail Insight: ApiErrorRateInsight (Client.InsufficientInstanceCapacity), Start"],
          metadata: { eventCategory: "Insight", insightType: "ApiErrorRateInsight", insightState: "Start" },
        },
      },
    ])
  }
})

describe("the targets of a CloudTrail record", () => {
  const targets = (members: object) => contentOf(members).targets.map(({ type, id }) => `${type} ${id}`)

  test("are found in at least 95 of 100 changing calls that have parameters", () => {
    const records = fixture("cloudtrail-calls.jsonl")
      .trimEnd()
      .split("\n")
      .flatMap(line => read(line))
    const without = records.filter(({ content }) => content?.targets.length === 0)
    expect(records.length).toBeGreaterThan(200)
    expect(without.length / records.length).toBeLessThanOrEqual(0.05)
    expect(records.every(({ content }) => content !== null && content.targets.length <= 20)).toBe(true)
  })

  test("begin with what the call's name speaks of, wherever it stands", () => {
    expect(
      targets({
        ...{ eventName: "CreateDBSnapshot" },
        requestParameters: { dBInstanceIdentifier: "db-1", dBSnapshotIdentifier: "s-1" },
      }),
    ).toEqual(["db_snapshot s-1", "db_instance db-1"])
    expect(
      targets({
        ...{ eventName: "RunInstances", requestParameters: { subnetId: "subnet-1", clientToken: "t" } },
        responseElements: {
          requestId: "r",
          instancesSet: { items: [{ instanceId: "i-1" }, { instanceId: "i-2" }] },
        },
      }),
    ).toEqual(["instance i-1", "instance i-2", "subnet subnet-1"])
    expect(
      targets({ eventName: "PutRolePolicy", requestParameters: { roleName: "r", policyName: "p" } }),
    ).toEqual(["policy p", "role r"])
    const resources = [
      { type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::b" },
      { type: "AWS::S3::Object", ARN: "arn:aws:s3:::b/k" },
    ]
    expect(
      targets({ eventName: "DeleteObject", requestParameters: { bucketName: "b", key: "k" }, resources }),
    ).toEqual([
      ...["AWS::S3::Object arn:aws:s3:::b/k", "object b/k", "AWS::S3::Bucket arn:aws:s3:::b", "bucket b"],
    ])
  })

  test("are many at most 20, in lists, in XML and in texts, and never a secret, a token or a document's", () => {
    const ids = Array.from({ length: 30 }, (_, at) => `i-${at}`)
    expect(targets({ eventName: "SendCommand", requestParameters: { instanceIds: ids } })).toHaveLength(20)
    expect(
      targets({ requestParameters: { DeleteFlowLogsRequest: { FlowLogId: { tag: 1, content: "fl-1" } } } }),
    ).toEqual(["flow_log fl-1"])
    expect(targets({ requestParameters: '{"queueUrl":"https://sqs/1/q"}' })).toEqual([
      "queue https://sqs/1/q",
    ])
    expect(
      targets({
        requestParameters: {
          ...{
            externalId: "secret",
            clientToken: "t",
            policyDocument: { Id: "d" },
            tags: [{ keyName: "x" }],
          },
          ...{ tableName: "HIDDEN_DUE_TO_SECURITY_REASONS", valid: "yes", isValid: true },
        },
        responseElements: {
          credentials: { accessKeyId: "AKIA" },
          currentState: { name: "pending" },
          ownerId: "1",
        },
      }),
    ).toEqual([])
  })
})

describe("a CloudTrail record is read out of", () => {
  const record = (eventID: string) =>
    `{"eventID": "${eventID}", "eventName":"CreateUser","eventSource":"iam.amazonaws.com", "n": 1.50}`
  const [one, two] = [record("1"), record("2")]
  const quoted = (text: string) => JSON.stringify(text)
  const eventBridge = (text: string) =>
    `{"version":"0","id":"x","detail-type":"AWS API Call via CloudTrail","source":"aws.iam","detail": ${text} }`

  test.each<[string, string]>([
    ["a delivered file", `{"Records": [${one}, ${two}]}`],
    ["a list", `[ ${one}\n,${two} ]`],
    [
      "an answer of lookup-events",
      `{"Events":[{"EventId":"1","EventName":"CreateUser","CloudTrailEvent":${quoted(one)}},{"EventId":"2","EventSource":"x","CloudTrailEvent":${quoted(two)}}],"NextToken":"t"}`,
    ],
    ["events of EventBridge", `[${eventBridge(one)},${eventBridge(two)}]`],
    [
      "a CloudWatch subscription",
      `{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{"id":"a","timestamp":1,"message":${quoted(one)}},{"id":"b","message":${quoted(two)}}]}`,
    ],
    [
      "what filter-log-events answers",
      `{"events":[{"message":${quoted(one)}},{"message":${quoted(two)}}],"searchedLogStreams":[]}`,
    ],
  ])("%s, as the same event with the same original", (_, text) => {
    expect(formatFor("auto", text).name).toBe("cloudtrail")
    const alone = [one, two].flatMap(line => read(line))
    expect(read(text).map(({ content, raw }) => ({ content, raw }))).toEqual(
      alone.map(({ content, raw }) => ({ content, raw })),
    )
    expect(read(text).map(({ position }) => position)).toEqual(["record 1", "record 2"])
  })

  test("one line each of EventBridge and CloudWatch, while a control message holds none", () => {
    expect(read(eventBridge(one)).map(({ raw }) => raw)).toEqual([one])
    const control =
      '{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","message":"CWL CONTROL MESSAGE"}]}'
    expect(formatFor("auto", control).name).toBe("cloudtrail")
    expect(read(control)).toEqual([])
  })

  test("nothing that only looks like it: a digest is called by its name, the rest says what is missing, at its place", () => {
    const digest =
      '{"awsAccountId":"1","digestStartTime":"2023-07-10T11:45:00Z","digestS3Bucket":"b","logFiles":[]}'
    expect(formatFor("auto", digest).name).toBe("cloudtrail")
    expect(read(`[${one},${digest},{"eventName":"x"},{"eventName":"","eventSource":"iam"},7]`)).toMatchObject(
      [
        { position: "record 1", content: { sourceId: "1" } },
        { position: "record 2", event: null, fault: expect.stringContaining("digest file of CloudTrail") },
        { position: "record 3", event: null, fault: expect.stringContaining("without eventSource") },
        { position: "record 4", event: null, fault: expect.stringContaining("without eventName") },
        { position: "record 5", event: null, fault: "must be an object" },
      ],
    )
  })

  test("a file that holds it twice in other spacing, as one event", () => {
    const records = read(`{"Records":[${one},${one.replaceAll(" ", "")}]}`)
    expect(records[1]?.content?.id).toBe(records[0]?.content?.id)
    const other = read(`{"Records":[${one},${one.replace("1.50", "1.51")}]}`)
    expect(other[1]?.content?.id).not.toBe(other[0]?.content?.id)
  })
})
