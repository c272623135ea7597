/** What a documented program asks, and what of it arrives. */
export interface DocumentedProgram {
  readonly name: string
  /** The members of its request besides `user_app_id`, as its text has them. */
  readonly members: string
  /** Packages and helpers that it needs for them. */
  readonly before?: string
  /** The members that arrive. */
  readonly arrives: Readonly<Record<string, unknown>>
  /** How many of the documented entries it then finds. */
  readonly finds: number
}

const withTimestamps = `
const { Timestamp } = require("google-protobuf/google/protobuf/timestamp_pb");
function timestampOf(text) {
  const date = new Date(text);
  const timestamp = new Timestamp();
  timestamp.setSeconds(Math.floor(date.getTime() / 1000));
  timestamp.setNanos((date.getTime() % 1000) * 1e6);
  return timestamp;
}
const from = timestampOf("2024-05-01T00:00:00Z");
const to = timestampOf("2024-05-31T23:59:59Z");`

/**
 * The nine Node.js examples of Clarifai's page, by what they ask. Their objects of google-protobuf have no plain members, which
 * is all that their client reads: they arrive empty, as 1970 and as false.
 */
export const documentedPrograms: readonly DocumentedProgram[] = [
  { name: "list", members: "", arrives: {}, finds: 10 },
  {
    name: "operation",
    members: "query: { operations: [300, 400, 600] },",
    arrives: { query: { operations: [300, 400, 600] } },
    finds: 7,
  },
  {
    name: "time",
    before: withTimestamps,
    members: "query: { timestamp_from: from, timestamp_to: to },",
    arrives: { query: { timestamp_from: {}, timestamp_to: {} } },
    finds: 0,
  },
  {
    name: "user",
    members: 'query: { user_ids: ["USER_ID_HERE"] },',
    arrives: { query: { user_ids: ["USER_ID_HERE"] } },
    finds: 0,
  },
  {
    name: "target",
    members: 'query: { targets: [{ user: { id: "USER_ID_HERE" } }] },',
    arrives: { query: { targets: [{ user: { id: "USER_ID_HERE" } }] } },
    finds: 0,
  },
  {
    name: "success",
    before: 'const { BoolValue } = require("google-protobuf/google/protobuf/wrappers_pb.js");',
    members: "query: { success: new BoolValue().setValue(true) },",
    arrives: { query: { success: {} } },
    finds: 0,
  },
  {
    name: "source",
    members: 'query: { source_ips: ["127.0.0.0", "127.0.0.1"] },',
    arrives: { query: { source_ips: ["127.0.0.0", "127.0.0.1"] } },
    finds: 0,
  },
  { name: "sort", members: "sort_ascending: true,", arrives: { sort_ascending: true }, finds: 10 },
  {
    name: "page",
    before: withTimestamps,
    members: "query: { timestamp_from: from, timestamp_to: to }, pagination: { page: 2, per_page: 20 },",
    arrives: { query: { timestamp_from: {}, timestamp_to: {} }, pagination: { page: 2, per_page: 20 } },
    finds: 0,
  },
]

/** Returns the text of a program as the page writes it, with the two constants that its reader fills in. */
export function textOfProgram(
  { before = "", members }: DocumentedProgram,
  key: string,
  user: string,
): string {
  return `
const PAT = ${JSON.stringify(key)};
const USER_ID = ${JSON.stringify(user)};
const { ClarifaiStub, grpc } = require("clarifai-nodejs-grpc");
${before}
const stub = ClarifaiStub.grpc();
const metadata = new grpc.Metadata();
metadata.set("authorization", "Key " + PAT);

stub.PostAuditLogSearches(
  { user_app_id: { user_id: USER_ID }, ${members} },
  metadata,
  (err, response) => {
    if (err) {
      throw new Error(err);
    }
    if (response.status.code !== 10000) {
      console.log(response.status);
      throw new Error("Post audit log searches failed, status: " + response.status.description);
    }
    console.log(response);
  }
);
`
}
