// Calls PostAuditLogSearches with Clarifai's own package, unmodified, for each key and request in a file of JSON, and prints a
// line of JSON for each answer.
//   node official.cjs stub|static FILE [ADDRESS]
const fs = require("node:fs")
const { ClarifaiStub, grpc } = require("clarifai-nodejs-grpc")

const [how, file, address] = process.argv.slice(2)

function metadataOf(key) {
  const metadata = new grpc.Metadata()
  metadata.set("authorization", `Key ${key}`)
  return metadata
}

/** The stub that most programs use: it is always TLS, and its address is CLARIFAI_GRPC_BASE. */
function overStub() {
  const stub = ClarifaiStub.grpc()
  return (request, key, done) => stub.PostAuditLogSearches(request, metadataOf(key), done)
}

/** The generated client, here without TLS. */
function overStatic() {
  const { V2Client } = require("clarifai-nodejs-grpc/proto/clarifai/api/service_grpc_pb")
  const client = new V2Client(address, grpc.ChannelCredentials.createInsecure())
  return (request, key, done) =>
    client.postAuditLogSearches(messageOf(request), metadataOf(key), (error, answer) =>
      done(error, answer?.toObject()),
    )
}

function messageOf({ user_app_id, query, sort_ascending = false, pagination }) {
  const service = require("clarifai-nodejs-grpc/proto/clarifai/api/service_pb")
  const resources = require("clarifai-nodejs-grpc/proto/clarifai/api/resources_pb")
  const { Timestamp } = require("google-protobuf/google/protobuf/timestamp_pb")
  const { BoolValue } = require("google-protobuf/google/protobuf/wrappers_pb")
  const message = new service.PostAuditLogSearchesRequest()
    .setUserAppId(new resources.UserAppIDSet().setUserId(user_app_id.user_id))
    .setSortAscending(sort_ascending)
  if (pagination) {
    const page = new service.Pagination().setPage(pagination.page).setPerPage(pagination.per_page)
    message.setPagination(page)
  }
  if (!query) return message
  const timestamp = given =>
    given && new Timestamp().setSeconds(Number(given.seconds)).setNanos(given.nanos ?? 0)
  const asked = new resources.AuditLogQuery()
    .setUserIdsList(query.user_ids ?? [])
    .setOperationsList(query.operations ?? [])
    .setSourceIpsList(query.source_ips ?? [])
    .setTargetsList(
      (query.targets ?? []).map(({ app }) =>
        new resources.AuditLogTarget().setApp(new resources.App().setId(app.id)),
      ),
    )
  if (query.timestamp_from) asked.setTimestampFrom(timestamp(query.timestamp_from))
  if (query.timestamp_to) asked.setTimestampTo(timestamp(query.timestamp_to))
  if (query.success) asked.setSuccess(new BoolValue().setValue(query.success.value ?? false))
  return message.setQuery(asked)
}

async function main() {
  const search = how === "stub" ? overStub() : overStatic()
  for (const { key, request } of JSON.parse(fs.readFileSync(file, "utf8"))) {
    const line = await new Promise(resolve => {
      search(request, key, (error, answer) => resolve(error ? { error: error.message } : { answer }))
    })
    process.stdout.write(`${JSON.stringify(line)}\n`)
  }
  process.exit(0)
}

main()
