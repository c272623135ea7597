import { Clock, Hourglass, TriangleAlert } from "lucide-react"
import type { ReactNode } from "react"
import { ActorGlyph, actorTypeWord } from "@/components/audit-log/values/actor-mark"
import { StatusMark } from "@/components/audit-log/values/status-mark"
import { ValueText } from "@/components/audit-log/values/value-text"
import { Time } from "@/components/time/time"
import { Badge } from "@/components/ui/badge"
import { recordedCallIn } from "@/lib/audit/capture/recorded-call"
import { sentenceOf } from "@/lib/audit/event/compose-sentence"
import type { Actor, AuditEvent, Person } from "@/lib/audit/event/event"
import { unverifiedWords } from "./call-words"
import { Changes } from "./changes"
import { Fact, FactGroup, LinkedText } from "./fact"
import { JsonBlock } from "./json-block"
import { SearchNote } from "./search-note"
import type { ShownEvent } from "./shown-event"
import { skewOf } from "./skew"
import { Targets } from "./targets"

export interface EventPartProps {
  readonly shown: ShownEvent
  /** The zone in which times are shown. */
  readonly zone: string
}

/** The event, its time, actor and app, and its position in the log. */
export function Overview({ shown, zone }: EventPartProps) {
  const { event, app } = shown
  return (
    <div className="grid gap-5">
      <FactGroup title="What">
        <Fact
          label="Operation"
          value={event.operation}
          filter={{ field: "operation", value: event.operation }}
          data
        >
          <ValueText text={event.operation} />
          {event.operationCode === undefined ? null : (
            <span className="text-muted-foreground"> · {event.operationCode}</span>
          )}
        </Fact>
        <Fact label="Status" value={event.status} filter={{ field: "status", value: event.status }}>
          <StatusMark status={event.status} />
        </Fact>
        {event.statusCode ? <Fact label="Status code" value={event.statusCode} data /> : null}
        {event.statusMessage ? <Fact label="Status message" value={event.statusMessage} sentence /> : null}
        <Fact
          label="App"
          value={app?.slug ?? event.appId}
          filter={app ? { field: "app", value: app.slug } : undefined}
        >
          <ValueText text={app ? app.name : event.appId} />
        </Fact>
        {event.environment ? <Fact label="Environment" value={event.environment} /> : null}
        {event.details.map((detail, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the details of an event never change
          <Fact key={index} label={index === 0 ? "Details" : ""} value={detail} sentence />
        ))}
        {isToldInSentence(event) ? <Fact label="Description" value={event.description} sentence /> : null}
      </FactGroup>
      <Part title="Targets" count={event.targets.length}>
        <Targets shown={shown} />
      </Part>
      <Part title="Changes" count={event.changes.length}>
        <Changes shown={shown} />
      </Part>
      <When event={event} zone={zone} />
      <Who actor={event.actor} />
      <Source event={event} />
      <Metadata event={event} />
      <Identity event={event} />
      <SearchNote event={event} />
    </div>
  )
}

/** The head of the event shows a sentence instead of the description, which is part of the record. */
function isToldInSentence(event: AuditEvent): boolean {
  return sentenceOf(event) !== null
}

interface PartProps {
  readonly title: string
  readonly count: number
  readonly children: ReactNode
}

/** Members that an event may lack: then they are not mentioned. */
function Part({ title, count, children }: PartProps) {
  if (count === 0) return null
  return (
    <section className="grid gap-1">
      <h3 className="text-sm font-semibold">
        {title}
        {count > 1 ? <span className="ml-1.5 font-normal text-muted-foreground">{count}</span> : null}
      </h3>
      {children}
    </section>
  )
}

function When({ event, zone }: { readonly event: AuditEvent; readonly zone: string }) {
  const skew = skewOf(event.occurredAt, event.receivedAt)
  return (
    <FactGroup title="When">
      <Fact label="Occurred" value={event.occurredAt}>
        <Time instant={event.occurredAt} zone={zone} format="microsecond" withOffset card="press" />
        {skew?.kind === "ahead" ? (
          <Note icon={<TriangleAlert aria-hidden="true" />} tone="denied">
            {skew.distance} ahead of its arrival
          </Note>
        ) : null}
        {event.occurredAtAssumed === "zone" ? (
          <Note icon={<TriangleAlert aria-hidden="true" />} tone="denied">
            Sent without a zone, taken as UTC
          </Note>
        ) : null}
        {event.occurredAtAssumed === "time" ? (
          <Note icon={<TriangleAlert aria-hidden="true" />} tone="denied">
            Sent as a date alone, taken as its first moment in UTC
          </Note>
        ) : null}
        {event.occurredAtAssumed === "received" ? (
          <Note icon={<Clock aria-hidden="true" />} tone="outline">
            Sent without a time; when it was received
          </Note>
        ) : null}
      </Fact>
      {event.occurredAtText ? <Fact label="As sent" value={event.occurredAtText} data /> : null}
      <Fact label="Received" value={event.receivedAt}>
        <Time instant={event.receivedAt} zone={zone} format="microsecond" withOffset card="press" />
        {skew?.kind === "late" ? (
          <Note icon={<Hourglass aria-hidden="true" />} tone="outline">
            {skew.distance} after it occurred
          </Note>
        ) : null}
      </Fact>
    </FactGroup>
  )
}

interface NoteProps {
  readonly icon: ReactNode
  readonly tone: "denied" | "outline"
  readonly children: ReactNode
}

function Note({ icon, tone, children }: NoteProps) {
  return (
    <span className="mt-1 block">
      <Badge tone={tone} className="h-auto! py-0.5 whitespace-normal!">
        {icon}
        {children}
      </Badge>
    </span>
  )
}

function Who({ actor }: { readonly actor: Actor }) {
  const { onBehalfOf, credential, sessionHash } = actor
  return (
    <FactGroup title="Who">
      <PersonFacts
        label="Actor"
        person={actor}
        isUnverified={credential !== undefined && unverifiedWords(credential.type) !== null}
      />
      {onBehalfOf ? <PersonFacts label="Acting as" person={onBehalfOf} /> : null}
      {credential ? (
        <Fact label="Credential" value={credential.id}>
          <ValueText text={credential.name ?? credential.id} />
          <span className="block text-muted-foreground">
            <ValueText text={credential.type} />
            {credential.name ? (
              <>
                {" · "}
                <span className="font-data">
                  <ValueText text={credential.id} />
                </span>
              </>
            ) : null}
          </span>
          <Unverified credentialType={credential.type} />
        </Fact>
      ) : null}
      {sessionHash ? <Fact label="Session (hash)" value={sessionHash} data /> : null}
      {actor.attributes ? (
        <div className="pt-2">
          <JsonBlock
            value={actor.attributes}
            label="The actor's attributes"
            copyLabel="Copy the attributes"
          />
        </div>
      ) : null}
    </FactGroup>
  )
}

/** Nobody of ours has checked what this actor is known by. */
function Unverified({ credentialType }: { readonly credentialType: string }) {
  const words = unverifiedWords(credentialType)
  if (words === null) return null
  return (
    <Note icon={<TriangleAlert aria-hidden="true" />} tone="denied">
      {words}
    </Note>
  )
}

interface PersonFactsProps {
  readonly label: string
  readonly person: Person
  readonly isUnverified?: boolean
}

function PersonFacts({ label, person, isUnverified = false }: PersonFactsProps) {
  const { type, id, name, email, role } = person
  return (
    <Fact label={label} value={id} filter={label === "Actor" ? { field: "actor", value: id } : undefined}>
      <span className="flex items-start gap-1.5">
        <ActorGlyph type={type} />
        <ValueText text={name ?? email ?? id} className="font-medium" />
        {isUnverified ? <Badge tone="denied">Unverified</Badge> : null}
      </span>
      <span className="mt-0.5 block text-muted-foreground">
        {[actorTypeWord(type), name ? email : undefined, role]
          .filter(part => part !== undefined)
          .map((part, index) => (
            <span key={part}>
              {index > 0 ? " · " : null}
              <ValueText text={part} />
            </span>
          ))}
      </span>
      {name || email ? (
        <span className="block font-data text-muted-foreground">
          <ValueText text={id} />
        </span>
      ) : null}
    </Fact>
  )
}

/** The source: the ip, the text given instead of one, and the other end of the connection. */
function Source({ event }: { readonly event: AuditEvent }) {
  const { source } = event
  if (!source) return null
  return (
    <FactGroup title="Where">
      {source.ip ? (
        <Fact label="Source IP" value={source.ip} filter={{ field: "ip", value: source.ip }} data />
      ) : null}
      {source.ipText !== source.ip ? <Fact label="Source, as sent" value={source.ipText} data /> : null}
      {source.peerIp ? <Fact label="Through proxy" value={source.peerIp} data /> : null}
      {source.userAgent ? <Fact label="User agent" value={source.userAgent} /> : null}
    </FactGroup>
  )
}

/** A recorded call is shown with the request. */
function Metadata({ event }: { readonly event: AuditEvent }) {
  const { call: _, ...others } = event.metadata
  const metadata = recordedCallIn(event.metadata) === null ? event.metadata : others
  if (Object.keys(metadata).length === 0) return null
  return (
    <section className="grid gap-1.5">
      <h3 className="text-sm font-semibold">Metadata</h3>
      <JsonBlock value={metadata} label="Metadata" copyLabel="Copy the metadata" />
    </section>
  )
}

function Identity({ event }: { readonly event: AuditEvent }) {
  return (
    <FactGroup title="Record">
      <Fact label="Event id" value={event.id} data />
      {event.sourceId ? (
        <Fact label="Id at the source" value={event.sourceId} data>
          <LinkedText text={event.sourceId} />
        </Fact>
      ) : null}
      <Fact label="Number" value={String(event.index)} data />
      <Fact label="Leaf hash" value={event.leafHash} data />
    </FactGroup>
  )
}
