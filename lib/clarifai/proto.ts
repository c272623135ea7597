/**
 * The part of Clarifai's protocol that we speak: same package, service, method and field numbers. What is an enum there is an
 * int32 here: the bytes are the same, and a code that is newer than this text survives. It is a constant, because a bundler
 * does not copy a file of another type. Google's two messages are repeated, so that nothing has to be imported; the name of a
 * message is not on the wire.
 */
export const proto = `
syntax = "proto3";
package clarifai.api;

service V2 {
  rpc PostAuditLogSearches(PostAuditLogSearchesRequest) returns (MultiAuditLogEntryResponse);
}
message PostAuditLogSearchesRequest {
  UserAppIDSet user_app_id = 1; AuditLogQuery query = 2; bool sort_ascending = 3; Pagination pagination = 5;
}
message UserAppIDSet { string user_id = 1; string app_id = 2; }
message Pagination { uint32 page = 1; uint32 per_page = 2; }
message AuditLogQuery {
  Timestamp timestamp_from = 1; Timestamp timestamp_to = 2;
  repeated string user_ids = 3; repeated int32 operations = 4; repeated AuditLogTarget targets = 5;
  BoolValue success = 6; repeated string source_ips = 7;
}
message AuditLogTarget {
  oneof target {
    User user = 1; Named role = 2; Named team = 3; App app = 4; Resource module = 5; Resource module_version = 6;
    Workflow workflow = 7; Resource workflow_version = 8; Model model = 9; Resource model_version = 10;
    Resource compute_cluster = 11; Resource nodepool = 12; Resource deployment = 13;
  }
}
message Resource { string id = 1; }
message Named { string id = 1; string name = 4; }
message Workflow { string id = 1; repeated string use_cases = 14; repeated string check_consents = 15; }
message App { string id = 1; string name = 2; }
message Model {
  string id = 1; string name = 2; string app_id = 4; repeated string toolkits = 20; repeated string use_cases = 21;
  repeated string languages = 25; repeated string check_consents = 32;
}
message MultiAuditLogEntryResponse { Status status = 1; repeated AuditLogEntry entries = 2; }
message AuditLogEntry {
  Timestamp timestamp = 1; User user = 2; int32 operation = 3; string description = 4;
  repeated AuditLogTarget targets = 5; repeated string details = 6; bool success = 7; string req_id = 8; string source_ip = 9;
}
message Status { int32 code = 1; string description = 2; string details = 3; string req_id = 7; string developer_notes = 10; }
message User {
  string id = 1; string first_name = 3; string last_name = 4; string company_name = 5;
  Timestamp created_at = 6; Visibility visibility = 17; string job_title = 19; string job_role = 20;
  string intention = 24;
}
message Visibility { int32 gettable = 1; }
message Timestamp { int64 seconds = 1; int32 nanos = 2; }
message BoolValue { bool value = 1; }
`

/**
 * How proto-loader must decode: members by the names of the protocol, 64-bit numbers as text, and nothing filled in, so that
 * an absent `success` differs from an empty one.
 */
export const decoding = { keepCase: true, longs: String, defaults: false, oneofs: false } as const
