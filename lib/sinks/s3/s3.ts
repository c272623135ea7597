import { AwsV4Signer } from "aws4fetch"
import { keptConnections } from "@/lib/outbound/kept"
import type { OutboundAnswer, OutboundRequest } from "@/lib/outbound/outbound"
import { refusal, sendHttp } from "@/lib/sinks/http"
import { urlFaults } from "@/lib/sinks/settings"
import {
  type Batch,
  type Opening,
  type SinkConnection,
  SinkError,
  type SinkKind,
  type Written,
} from "@/lib/sinks/sink"
import { judgePut } from "./judge"
import { objectBody, objectKey, objectUrl, sha256 } from "./object"
import { type S3Settings, s3Credentials, s3Fields, s3Settings } from "./settings"

const timeoutMs = 30_000
const sinkHeader = "x-amz-meta-auditorium-sink"

/** Amazon S3 and stores that speak its protocol: one compressed object for each batch. */
export const s3: SinkKind<S3Settings> = {
  name: "s3",
  label: "S3",
  summary:
    "Writes compressed objects of JSON lines to a bucket of Amazon S3 or of a store that speaks its protocol.",
  settings: s3Settings,
  fields: s3Fields,
  credentials: s3Credentials,
  reach: "network",
  order: "strict",
  proof: "The answer proves that the store has the object with the checksum that was sent.",
  formats: ["auditorium", "clearml", "cloudevents", "ucp"],
  boundTo: settings => new URL(objectUrl(settings, "")).host,
  check: (settings, outbound) =>
    urlFaults(outbound, settings.url === undefined ? "/region" : "/url", objectUrl(settings, "")),
  batching: ({ waitSeconds }) => ({
    mostEvents: 10_000,
    mostBytes: 8 * 1024 * 1024,
    least: 10_000,
    longestWaitMs: waitSeconds * 1_000,
  }),
  async open(opening) {
    return new S3Connection(opening)
  },
}

class S3Connection implements SinkConnection {
  private readonly keep = keptConnections()
  private readonly opening: Opening<S3Settings>
  private readonly keys: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }

  constructor(opening: Opening<S3Settings>) {
    const { accessKeyId, secretAccessKey, sessionToken } = opening.credentials
    if (accessKeyId === undefined || secretAccessKey === undefined)
      throw new SinkError("credentials", "The access key is missing")
    this.opening = opening
    this.keys = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
  }

  async write(batch: Batch, signal: AbortSignal): Promise<Written> {
    const { settings } = this.opening
    const url = objectUrl(settings, objectKey(settings, batch))
    await this.checkOwner(url, batch, signal)
    const body = await objectBody(batch)
    const checksum = sha256(body, "base64")
    const headers = {
      "content-type": "application/gzip",
      "x-amz-checksum-sha256": checksum,
      [sinkHeader]: batch.sink.id,
      "x-amz-meta-auditorium-batch": batch.id,
    }
    const answer = await this.send({ url, method: "PUT", headers, body, timeoutMs, signal })
    const judged = judgePut(answer, checksum, this.secrets())
    if (judged === "stored") return { all: "taken" }
    if ("tooLarge" in judged) {
      const refused = `${judged.tooLarge} (an object of ${body.byteLength} bytes with ${batch.events.length} events)`
      return { items: batch.events.map(() => ({ refused })) }
    }
    throw refusal(judged.trouble, answer, judged.words, this.opening.now())
  }

  async close(): Promise<void> {
    this.keep.close()
  }

  /** Names are made of numbers: two sinks with one prefix would replace each other's objects. */
  private async checkOwner(url: string, batch: Batch, signal: AbortSignal): Promise<void> {
    const answer = await this.send({ url, method: "HEAD", timeoutMs, signal })
    // A key that may write and not read gets 403: then nothing can be said.
    const isThere = answer.status === 200 && answer.headers.etag !== undefined
    if (!isThere || answer.headers[sinkHeader] === batch.sink.id) return
    throw new SinkError(
      "configuration",
      "An object that this sink has not written is already there under the same name: give each sink a prefix of its own",
    )
  }

  private secrets(): readonly string[] {
    const { secretAccessKey, sessionToken } = this.keys
    return sessionToken === undefined ? [secretAccessKey] : [secretAccessKey, sessionToken]
  }

  private async send(request: OutboundRequest): Promise<OutboundAnswer> {
    const { settings, outbound } = this.opening
    const headers = await this.signed(request)
    const { keep } = this
    return sendHttp(outbound, {
      ...request,
      headers,
      keep,
      ...(settings.ca !== undefined && { ca: settings.ca }),
    })
  }

  private async signed({
    url,
    method,
    headers = {},
    body,
  }: OutboundRequest): Promise<Record<string, string>> {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : (body ?? new Uint8Array())
    const signer = new AwsV4Signer({
      ...this.keys,
      url,
      method,
      headers: { ...headers, "x-amz-content-sha256": sha256(bytes, "hex") },
      service: "s3",
      region: this.opening.settings.region,
      datetime: this.opening
        .now()
        .toISOString()
        .replace(/[:-]|\.\d{3}/g, ""),
      // Everything that is sent is signed, also what a cautious signer leaves out.
      allHeaders: true,
    })
    const { headers: signed } = await signer.sign()
    return Object.fromEntries(signed)
  }
}
