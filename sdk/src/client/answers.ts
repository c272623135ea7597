import {
  type AuditoriumError,
  ConnectionError,
  ProblemError,
  type ProblemFault,
  problemClasses,
  UnexpectedAnswerError,
} from "./errors"

/** What is known of an answer whose body is not read yet. */
interface Head {
  /** Where it comes from, for messages. */
  readonly origin: string
  readonly retryAfterMs: number | null
}

/**
 * Returns the JSON value of an answer. Throws ProblemError for a refusal, ConnectionError for half a body, and
 * UnexpectedAnswerError for what is not an answer of Auditorium.
 */
export async function readJson(response: Response, head: Head): Promise<unknown> {
  refuseRedirect(response, head)
  const text = await response.text()
  if (!response.ok) throw refusalOf(response, { ...head, text })
  if (!/[/+]json\b/i.test(response.headers.get("content-type") ?? "")) {
    throw new UnexpectedAnswerError(`${head.origin} answered ${response.status}: ${foreign}`, response.status)
  }
  const value = parsed(text)
  if (value === undefined) throw new ConnectionError(`${head.origin} answered with half a body.`)
  return value
}

/** Returns the body of an answer as it arrives. Throws as `readJson` does. */
export async function readStream(
  response: Response,
  head: Head,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  refuseRedirect(response, head)
  if (!response.ok) throw refusalOf(response, { ...head, text: await response.text() })
  if (response.body === null) throw new ConnectionError(`${head.origin} answered without a body.`)
  return response.body
}

const foreign = "is it an Auditorium server?"

function refuseRedirect({ status, type, headers }: Response, { origin }: Head): void {
  // A browser does not say where a redirect leads.
  if (type !== "opaqueredirect" && (status < 300 || status > 399)) return
  const place = headers.get("location") ?? "another url"
  throw new UnexpectedAnswerError(`${origin} leads on to ${place}; name that url.`, status)
}

function refusalOf(
  { status }: Response,
  { origin, retryAfterMs, text }: Head & { text: string },
): AuditoriumError {
  const document = parsed(text)
  if (!isRecord(document) || typeof document.code !== "string") {
    return new UnexpectedAnswerError(`${origin} answered ${status}: ${foreign}`, status, retryAfterMs)
  }
  const { code } = document
  const detail = textOf(document.detail) ?? textOf(document.title) ?? code
  const Problem = isKnown(code) ? problemClasses[code] : ProblemError
  return new Problem(`${origin} answered ${status}: ${detail}`, {
    ...{ status, code, detail, retryAfterMs, document },
    title: textOf(document.title) ?? code,
    requestId: textOf(document.requestId) ?? null,
    errors: Array.isArray(document.errors) ? document.errors.filter(isFault) : [],
  })
}

function isKnown(code: string): code is keyof typeof problemClasses {
  return Object.hasOwn(problemClasses, code)
}

/** Returns undefined for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function isFault(value: unknown): value is ProblemFault {
  return isRecord(value) && typeof value.pointer === "string" && typeof value.detail === "string"
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined
}
