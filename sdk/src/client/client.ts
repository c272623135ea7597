import { isRecord } from "./answers"
import { InvalidError, UnexpectedAnswerError } from "./errors"
import { followPages } from "./follow"
import type { AuditEvent, BatchResult, Calls, EventPage, FoundEvent, Key } from "./generated/api"
import {
  type CallOptions,
  type ClientOptions,
  type FollowOptions,
  type Settings,
  settingsOf,
} from "./options"
import { type QueryInput, QueryText } from "./query-text"
import { type Repetition, Requests } from "./requests"
import { systemTime, type Time } from "./time"

/** The most events of a page, so that a search takes the fewest requests. */
const pageSize = "100"

/** Reads the log of an organization over the API. One client can be used for any number of calls at once. */
export class Client {
  private readonly settings: Settings
  private readonly requests: Requests
  private readonly time: Time

  /** Throws TypeError for an option that is missing or cannot be meant. `time` is for tests. */
  constructor(options: ClientOptions = {}, time: Time = systemTime) {
    this.settings = settingsOf(options)
    this.time = time
    this.requests = new Requests(this.settings, time)
  }

  /**
   * Returns the events of a query one by one, in its order; pages are fetched as they are needed. In order `recorded` it ends
   * where the log ends.
   */
  async *search(
    query: QueryInput = {},
    options: CallOptions = {},
  ): AsyncGenerator<AuditEvent, void, undefined> {
    for await (const page of this.pages(query, options)) yield* page.events
  }

  /** Returns the pages of a query. `limit` is the number of events of a page: 100 unless the query has one. */
  async *pages(
    query: QueryInput = {},
    options: CallOptions = {},
  ): AsyncGenerator<EventPage, void, undefined> {
    let text = QueryText.of(query).withDefault("limit", pageSize)
    for (;;) {
      const page = await this.page(text, options)
      yield page
      // In recorded order there is always a next cursor, for readers who ask again later.
      if (page.nextCursor === null || (text.get("order") === "recorded" && isLast(page, text))) return
      text = text.with("cursor", page.nextCursor)
    }
  }

  /**
   * Returns the events of a query in the order in which they were recorded, and then each new one, for ever: until the signal
   * aborts or the loop is left. The query can be a position of an earlier call.
   */
  async *follow(
    query: QueryInput = {},
    options: FollowOptions = {},
  ): AsyncGenerator<AuditEvent, void, undefined> {
    for await (const page of this.followPages(query, options)) yield* page.events
  }

  /** Returns the same page by page; those in which nothing is new too. */
  followPages(
    query: QueryInput = {},
    options: FollowOptions = {},
  ): AsyncGenerator<EventPage, void, undefined> {
    const text = QueryText.of(query).withDefault("limit", pageSize)
    const page = (asked: QueryText) => this.page(asked, options)
    return followPages(text, { page, isLast, time: this.time, options })
  }

  /** Returns one event, with the original of an imported one. Throws NotFoundError, or ExpiredError when its content was removed. */
  find(id: string, options: CallOptions = {}): Promise<FoundEvent> {
    return this.call("GET /api/v1/events/{id}", { path: { id } }, options)
  }

  /**
   * Returns every event of a query as a file that arrives while it is read: `jsonl` is the evidence, `csv` a copy for
   * spreadsheets. The stream fails with ConnectionError when it breaks off, so its end is the end of the file.
   */
  async export(
    query: QueryInput = {},
    format: "csv" | "jsonl" = "jsonl",
    { signal }: CallOptions = {},
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const text = QueryText.of(query).with("format", format)
    const path = `api/v1/events/export?${text}`
    return this.requests.stream({ method: "GET", path, repeat: "safe", accept: "*/*", signal })
  }

  /** Returns what the key of this client is: its organization, its app and its permissions. */
  describeKey(options: CallOptions = {}): Promise<Key> {
    return this.call("GET /api/v1/key", {}, options)
  }

  /**
   * Sends up to 1,000 events, one JSON object a line, each with its id: the request is repeated until it is answered, and the
   * id makes a repetition harmless. Returns one result for each, in order, also when all were refused. Applications use `record`.
   */
  async sendLines(
    lines: string | Uint8Array<ArrayBuffer>,
    { encoding, signal }: CallOptions & { readonly encoding?: "gzip" } = {},
  ): Promise<BatchResult> {
    const headers = {
      "content-type": "application/x-ndjson",
      ...(encoding && { "content-encoding": encoding }),
    }
    const sent = {
      method: "POST",
      path: "api/v1/events",
      repeat: "stubborn",
      headers,
      body: lines,
      signal,
    } as const
    const answer = await this.requests.json(sent).catch(error => {
      if (error instanceof InvalidError && Array.isArray(error.document.results)) return error.document
      throw error
    })
    if (isRecord(answer) && Array.isArray(answer.results)) return trusted<BatchResult>(answer)
    throw this.unexpected()
  }

  /**
   * Calls any endpoint of the API by its method and path, with types from its description. A request that changes something is
   * repeated only when the server has refused to begin with it, unless `repeatable` says that it may arrive twice.
   */
  async call<Name extends keyof Calls>(
    name: Name,
    input: Calls[Name]["input"],
    { signal, repeatable }: CallOptions & { readonly repeatable?: boolean } = {},
  ): Promise<Calls[Name]["answer"]> {
    const { path = {}, query = {}, body }: AnyInput = input
    const [method = "", template = ""] = name.split(" ")
    const repeat: Repetition = (repeatable ?? method === "GET") ? "safe" : "refused"
    const answer = await this.requests.json({
      ...{ method, path: filled(template, path) + search(query), repeat, signal },
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    })
    if (!isRecord(answer)) throw this.unexpected()
    return trusted<Calls[Name]["answer"]>(answer)
  }

  private async page(text: QueryText, { signal }: CallOptions): Promise<EventPage> {
    const answer = await this.requests.json(
      text.isLong
        ? {
            ...{ method: "POST", path: "api/v1/events/search", repeat: "safe", signal },
            ...{ body: JSON.stringify(text.toObject()), headers: { "content-type": "application/json" } },
          }
        : { method: "GET", path: `api/v1/events?${text}`, repeat: "safe", signal },
    )
    // What is not a page must not look like one without events.
    if (isRecord(answer) && Array.isArray(answer.events) && answer.nextCursor !== undefined)
      return trusted<EventPage>(answer)
    throw this.unexpected()
  }

  private unexpected(): UnexpectedAnswerError {
    const { origin } = this.settings.url
    return new UnexpectedAnswerError(`${origin} answered with other JSON: is it an Auditorium server?`, 200)
  }
}

/** The one place where an answer gets its type: the server writes it as its description says, which its own tests check. */
function trusted<Answer>(answer: unknown): Answer {
  return answer as Answer
}

/** Returns whether the end of the log was reached: the page is not full, and the look was not stopped. */
function isLast(page: EventPage, text: QueryText): boolean {
  return page.searchedBackTo === null && page.events.length < Number(text.get("limit"))
}

interface AnyInput {
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** Returns the path with its segments, below the url of the server. */
function filled(template: string, segments: Readonly<Record<string, string>>): string {
  return template.replace(/^\//, "").replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const segment = segments[name]
    // An empty one, or dots, would be another path.
    if (typeof segment !== "string" || /^\.{0,2}$/.test(segment)) throw new TypeError(`${name} is missing.`)
    return encodeURIComponent(segment)
  })
}

function search(query: Readonly<Record<string, unknown>>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) parameters.append(name, String(each))
    }
  }
  return parameters.size === 0 ? "" : `?${parameters}`
}
