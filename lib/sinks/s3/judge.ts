import { Buffer } from "node:buffer"
import type { OutboundAnswer } from "@/lib/outbound/outbound"
import { shown, troubleOfStatus } from "@/lib/sinks/http"
import type { SinkTrouble } from "@/lib/sinks/sink"

/** `tooLarge`: the object, whatever is in it. */
export type Judged =
  | "stored"
  | { readonly tooLarge: string }
  | { readonly trouble: SinkTrouble; readonly words: string }

/** Codes whose status alone would say something else. */
const troubles: ReadonlyMap<string, SinkTrouble> = new Map<string, SinkTrouble>([
  ["RequestTimeout", "later"],
  ["BadDigest", "later"],
  ["InvalidDigest", "later"],
  ["IncompleteBody", "later"],
  ["XAmzContentSHA256Mismatch", "later"],
  ["XAmzContentChecksumMismatch", "later"],
  ["OperationAborted", "later"],
  ["ConditionalRequestConflict", "later"],
])

/** Returns what the answer to a PUT of these bytes says. */
export function judgePut(answer: OutboundAnswer, checksum: string, secrets: readonly string[]): Judged {
  const { status, headers } = answer
  if (status === 200) {
    // A page of something else that happens to answer 200 has stored nothing.
    if (headers.etag === undefined || answer.body.byteLength > 0)
      return { trouble: "later", words: "Answered 200 with something that is no answer to a write" }
    const echoed = headers["x-amz-checksum-sha256"]
    return echoed === undefined || echoed === checksum
      ? "stored"
      : { trouble: "later", words: "The store answered with the checksum of other bytes" }
  }
  const { code, words } = errorOf(answer, secrets)
  if (status === 413 || code === "EntityTooLarge") return { tooLarge: words }
  // What is refused is never an event: the store does not look into the object.
  const trouble = troubles.get(code) ?? troubleOfStatus(status) ?? (status < 300 ? "later" : "configuration")
  return { trouble, words }
}

/** Returns the code and the message of an answer in XML. */
function errorOf({ status, body }: OutboundAnswer, secrets: readonly string[]) {
  const text = Buffer.from(body).toString("utf8")
  const member = (name: string) => new RegExp(`<${name}>([^<]{0,2000})</${name}>`).exec(text)?.[1] ?? ""
  const code = shown(member("Code"), secrets)
  const said = code === "" ? shown(text, secrets) : shown(`${code}: ${member("Message")}`, secrets)
  return { code, words: said === "" ? `Answered ${status}` : `Answered ${status}: ${said}` }
}
