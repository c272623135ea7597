import { Buffer } from "node:buffer"
import { isObject, type JsonObject } from "@/lib/audit/json/value"

/** One write of a bulk request. */
export interface Action {
  readonly verb: "create" | "index"
  readonly index: string
  readonly id: string
  readonly document: JsonObject
  /** Its place in the request. */
  readonly position: number
}

/** A request that is refused as a whole. */
export class RequestFault extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, reason: string) {
    super(reason)
    this.status = status
    this.type = type
  }
}

const known = new Set(["_index", "_id"])

/** Returns the writes of a body. Throws RequestFault when one line is not as documented: then nothing is stored. */
export function bulkLines(body: Buffer, defaultIndex: string | null): readonly Action[] {
  const text = body.toString("utf8")
  if (text === "") throw new RequestFault(400, "parse_exception", "request body is required")
  if (!text.endsWith("\n")) throw illegal("The bulk request must be terminated by a newline [\\n]")
  if (text.includes("\ufffd") || text.includes("\r\n"))
    throw illegal("the body is not clean UTF-8 with line feeds")
  const lines = text.slice(0, -1).split("\n")
  const actions: Action[] = []
  for (let line = 0; line < lines.length; line += 2) {
    const { verb, index, id } = actionOf(lines[line] ?? "", line + 1, defaultIndex)
    const document = objectOf(lines[line + 1] ?? "")
    if (document === null) throw illegal(`Malformed source on line [${line + 2}]`)
    actions.push({ verb, index, id, document, position: line / 2 })
  }
  return actions
}

function actionOf(text: string, line: number, defaultIndex: string | null) {
  const action = objectOf(text)
  const [verb, ...others] = Object.keys(action ?? {})
  if (action === null || others.length > 0 || (verb !== "create" && verb !== "index"))
    throw illegal(`Malformed action/metadata line [${line}], expected a single create or index`)
  const about = action[verb]
  if (!isObject(about)) throw illegal(`Malformed action/metadata line [${line}], expected START_OBJECT`)
  const unknown = Object.keys(about).find(name => !known.has(name))
  if (unknown !== undefined)
    throw illegal(`Action/metadata line [${line}] contains an unknown parameter [${unknown}]`)
  const { _index: index = defaultIndex, _id: id } = about
  if (typeof index !== "string" || typeof id !== "string" || id === "")
    throw new RequestFault(
      400,
      "action_request_validation_exception",
      "Validation Failed: index and id are required",
    )
  if (Buffer.byteLength(id) > 512) throw illegal(`id [${id}] is too long, must be no longer than 512 bytes`)
  return { verb, index, id } as const
}

function objectOf(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function illegal(reason: string): RequestFault {
  return new RequestFault(400, "illegal_argument_exception", reason)
}
