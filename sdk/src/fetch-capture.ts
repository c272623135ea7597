import { callerBy } from "./caller"
import { trustIn } from "./client-address"
import { connect, type Platform } from "./connection"
import { beginCall, type FetchCall } from "./fetch-call"
import type { CaptureOptions, MaybePromise } from "./options"
import { refusal } from "./refusal"

export interface FetchSubject<Subject> {
  readonly subject: Subject
  readonly peer: string | null
  readonly route: () => MaybePromise<string | null>
}

/** Begins to record a call. A Response: the call is refused with it. Null: the call is not recorded. */
export type FetchCapture<Subject> = (
  request: Request,
  facts: FetchSubject<Subject>,
) => FetchCall | Response | null

export function fetchCapture<Subject>(
  options: CaptureOptions<Subject>,
  kind: string,
  platform: Platform,
): FetchCapture<Subject> {
  const { caller, strict = false, profile = "generic" } = options
  const connection = connect(options, platform, kind, profile)
  const recorder = connection?.recorder(profile) ?? null
  const isTrusted = trustIn(options.trustedProxies ?? [])
  return (request, { subject, peer, route }) => {
    if (strict && recorder?.hasRoom() !== true)
      return new Response(refusal.body, { status: refusal.status, headers: refusal.headers })
    if (connection === null || recorder === null) return null
    try {
      return beginCall(recorder, request, isTrusted, {
        peer,
        route,
        caller: caller === undefined ? null : () => callerBy(caller, subject, connection.log),
      })
    } catch (error) {
      connection.log(`A call could not be recorded: ${error instanceof Error ? error.message : error}`)
      return null
    }
  }
}

/** Answers a request by the application, and records that. What the application throws is thrown. */
export async function answerWith(
  call: FetchCall | Response | null,
  answer: () => MaybePromise<Response>,
  statusOfThrown: (error: unknown) => number = () => 500,
): Promise<Response> {
  if (call instanceof Response) return call
  let response: Response
  try {
    response = await answer()
  } catch (error) {
    call?.threw(statusOfThrown(error))
    throw error
  }
  return call?.answered(response) ?? response
}
