import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js"
import { fromJSON } from "@grpc/proto-loader"
import protobuf from "protobufjs"
import type { SentRequest } from "@/lib/clarifai/messages"
import { decoding, proto } from "@/lib/clarifai/proto"
import { AppError } from "@/lib/errors"

/** Clarifai's service as it is served: its message arrives encoded, because its tags are checked before it is read. */
export interface Service {
  readonly definition: ServiceDefinition
  /** Returns the decoded request. Throws AppError `malformed` for bytes that are no message. */
  readonly decode: (bytes: Uint8Array) => SentRequest
}

/** Returns the service of the protocol text. */
export function loadService(): Service {
  const { root } = protobuf.parse(proto, { keepCase: decoding.keepCase })
  const loaded = fromJSON(root.toJSON(), decoding)
  // The loader has the methods of every service under its name, without types.
  const { PostAuditLogSearches } = loaded["clarifai.api.V2"] as unknown as {
    readonly PostAuditLogSearches: MethodDefinition<SentRequest, object>
  }
  const served: MethodDefinition<Uint8Array, object> = {
    ...PostAuditLogSearches,
    requestSerialize: bytes => Buffer.from(bytes),
    requestDeserialize: bytes => bytes,
  }
  return {
    definition: { PostAuditLogSearches: served },
    decode: bytes => {
      try {
        return PostAuditLogSearches.requestDeserialize(Buffer.from(bytes))
      } catch (cause) {
        throw new AppError("malformed", "The request is not a message of this protocol.", { cause })
      }
    },
  }
}
