import { z } from "zod"
import { uuidv5 } from "@/lib/audit/ids"
import { type KeptConnections, keptConnections } from "@/lib/outbound/kept"
import type { OutboundAnswer } from "@/lib/outbound/outbound"
import { originOf } from "@/lib/outbound/read-url"
import { refusal, sendHttp, troubleOfStatus, wordsOf } from "./http"
import {
  type Batch,
  type ItemResult,
  type Opening,
  type OutgoingEvent,
  type SinkConnection,
  SinkError,
  type SinkKind,
  type Written,
} from "./sink"
import { faultOfCertificates } from "./target"
import { privateKeyFault, type SigningKeys, secretFault, signedHeaders } from "./webhook-signature"

const settings = z.strictObject({
  url: z.string().min(1).max(2_000),
  /** `batch`: up to 100 events in one message. `event`: each event in a message of its own. */
  message: z.enum(["batch", "event"]).default("batch"),
  /** PEM certificates of the authority to trust instead of the public ones; empty = the public ones. */
  ca: z.string().max(65_536).default(""),
})
export type WebhookSettings = z.infer<typeof settings>

const timeoutMs = 15_000
const mostEvents = 100
/** Messages of one event are sent one after another; after this time none is begun, so that their batch ends within its lease. */
const mostMessages = 20
const messagesMs = 30_000
const mostBytes = 256 * 1024

/** An HTTP endpoint that gets signed messages as Standard Webhooks 1.0 describes them. */
export const webhook: SinkKind<WebhookSettings> = {
  name: "webhook",
  label: "Webhook",
  summary: "Signed HTTP requests to a service of yours, as Standard Webhooks describes them.",
  settings,
  fields: [
    {
      name: "url",
      label: "URL",
      input: "url",
      placeholder: "https://hooks.example.com/audit",
      help: "It is shown to everybody who may see the sink: keep credentials out of it.",
    },
    {
      name: "message",
      label: "One message holds",
      input: "choice",
      choices: [
        { value: "batch", label: `Up to ${mostEvents} events` },
        { value: "event", label: "One event" },
      ],
      initial: "batch",
    },
    {
      name: "ca",
      label: "Certificate of the authority",
      input: "pem",
      help: "Only for a receiver whose certificate no public authority has signed.",
    },
  ],
  credentials: [
    { name: "secret", label: "Signing secret (whsec_...)", required: true, fault: secretFault },
    {
      name: "secondSecret",
      label: "Second signing secret, while one is replaced",
      required: false,
      fault: secretFault,
    },
    { name: "privateKey", label: "Ed25519 private key (whsk_...)", required: false, fault: privateKeyFault },
  ],
  reach: "network",
  order: "strict",
  proof: "An answer of 2xx within 15 seconds says that the receiver has taken the message.",
  formats: ["auditorium", "clearml", "cloudevents", "ucp"],
  boundTo: ({ url }) => originOf(url),
  check({ url, ca }, outbound) {
    const refusal = outbound.checkUrl(url)
    const certificates = ca.trim() === "" ? null : faultOfCertificates(ca)
    return [
      ...(refusal === null ? [] : [{ pointer: "/url", message: refusal }]),
      ...(certificates === null ? [] : [{ pointer: "/ca", message: certificates }]),
    ]
  },
  batching: ({ message }) => ({
    mostEvents: message === "batch" ? mostEvents : mostMessages,
    mostBytes,
    least: 1,
    longestWaitMs: 0,
  }),
  async open(opening) {
    const keys = keysOf(opening.credentials)
    return openWebhook(opening, keys)
  },
}

function keysOf({ secret, secondSecret, privateKey }: Readonly<Record<string, string>>): SigningKeys {
  if (secret === undefined) throw new SinkError("credentials", "The sink has no signing secret. Enter it.")
  return {
    secrets: secondSecret === undefined ? [secret] : [secret, secondSecret],
    privateKey: privateKey ?? null,
  }
}

function openWebhook(opening: Opening<WebhookSettings>, keys: SigningKeys): SinkConnection {
  const { settings: given } = opening
  const keep = keptConnections()
  return {
    write: (batch, signal) =>
      given.message === "batch"
        ? writeBatch({ opening, keys, keep, signal }, batch)
        : writeEvents({ opening, keys, keep, signal }, batch),
    close: async () => keep.close(),
  }
}

interface Writing {
  readonly opening: Opening<WebhookSettings>
  readonly keys: SigningKeys
  readonly keep: KeptConnections
  readonly signal: AbortSignal
}

interface Sent {
  readonly id: string
  readonly body: string
}

async function writeBatch(writing: Writing, batch: Batch): Promise<Written> {
  const answer = await send(writing, { id: batch.id, body: bodyOfBatch(batch) })
  const result = resultOf(writing, answer)
  return result === "taken" ? { all: "taken" } : { items: batch.events.map(() => result) }
}

/** Sends one message after another. After the first that is not surely taken, nothing more is sent: the order stays. */
async function writeEvents(writing: Writing, batch: Batch): Promise<Written> {
  const items: ItemResult[] = []
  const { now } = writing.opening
  const begun = now().getTime()
  for (const event of batch.events) {
    if (now().getTime() - begun > messagesMs) return { items: [...items, ...waiting(batch, items, tooSlow)] }
    const message = { id: idOfEvent(batch, event), body: bodyOfEvent(batch, event) }
    try {
      items.push(resultOf(writing, await send(writing, message)))
    } catch (error) {
      if (items.length === 0 || !(error instanceof SinkError)) throw error
      return { items: [...items, ...waiting(batch, items, error.message)] }
    }
  }
  return items.every(item => item === "taken") ? { all: "taken" } : { items }
}

const tooSlow = "It was not sent yet: the receiver took long for the events before it."

function waiting({ events }: Batch, items: readonly ItemResult[], retry: string): readonly ItemResult[] {
  return events.slice(items.length).map(() => ({ retry }))
}

function send({ opening, keys, keep, signal }: Writing, { id, body }: Sent): Promise<OutboundAnswer> {
  const { settings: given, outbound, now } = opening
  return sendHttp(outbound, {
    url: given.url,
    method: "POST",
    headers: { "content-type": "application/json", ...signedHeaders({ id, at: now(), body }, keys) },
    body,
    ...(given.ca.trim() === "" ? {} : { ca: given.ca }),
    timeoutMs,
    signal,
    keep,
  })
}

/** Returns what an answer says about the events of a message. Throws SinkError when it is not about them. */
function resultOf({ opening }: Writing, answer: OutboundAnswer): ItemResult {
  const { status } = answer
  if (status >= 200 && status < 300) {
    if (!answer.isCut) return "taken"
    throw new SinkError("later", `Answered ${status} with more than 64 KiB, as no receiver of webhooks does.`)
  }
  const words = wordsOf(answer, Object.values(opening.credentials))
  const trouble = troubleOfStatus(status)
  if (trouble === null) return { refused: words }
  // Nothing of a redirect is told: it may lead inside.
  const isRedirect = status >= 300 && status < 400
  const said = isRedirect
    ? `Answered ${status}, a redirect. Redirects are not followed: enter the url itself.`
    : words
  throw refusal(trouble, answer, said, opening.now())
}

// The same bytes at each attempt: the time is that of the record, not of the sending. Entries are JSON already.
function bodyOfBatch({ organization, events }: Batch): string {
  const lines = events.map(({ line }) => line)
  const timestamp = events.at(-1)?.event.receivedAt ?? ""
  return `{"type":"audit.events","timestamp":${JSON.stringify(timestamp)},"data":{"organization":${organizationText(organization)},"events":[${lines.join(",")}]}}`
}

function bodyOfEvent({ organization }: Batch, { event, line }: OutgoingEvent): string {
  return `{"type":"audit.event","timestamp":${JSON.stringify(event.occurredAt)},"data":{"organization":${organizationText(organization)},"event":${line}}}`
}

function organizationText({ id, slug, name }: Batch["organization"]): string {
  return JSON.stringify({ id, slug, name })
}

/** The same whichever batch the event is sent in, so that a receiver can recognise a repetition. A replay is none. */
function idOfEvent({ sink, replayId = null }: Batch, { documentId }: OutgoingEvent): string {
  return uuidv5(sink.id, replayId === null ? documentId : `${documentId}/${replayId}`)
}
