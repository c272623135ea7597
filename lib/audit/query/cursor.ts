import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto"
import { noEvent, type Position, type StorePage } from "@/lib/audit/store"
import { epochMicroseconds, instantFromEpochMicroseconds } from "@/lib/audit/time/instant"
import { AppError } from "@/lib/errors"
import { type AuditQuery, defaultLimit } from "./query"
import type { Scope, Selection, Window } from "./selection"
import { writeQuery } from "./write"

/** What a later page needs from the first: where to continue, and what the first page fixed. */
export interface Continuation {
  readonly position: Position
  readonly window: Window
  /** Null = the log may have grown since: only in recorded order, where new events come last. */
  readonly asOf: number | null
}

// version 1, occurredAt 8, id 16, index 8, from 8, before 8, asOf 8
const payloadBytes = 57
const macBytes = 16
const version = 1
const noAsOf = -1n

/**
 * Returns what a cursor is bound to: the reader (organization, apps, actor) and the query, whatever the page size. Queries
 * that differ in anything else have different bounds.
 */
export function cursorBound(scope: Scope, query: AuditQuery): string {
  const written = writeQuery({ ...query, cursor: null, limit: defaultLimit }).toString()
  return JSON.stringify([
    scope.organizationId,
    scope.appIds && [...scope.appIds].sort(),
    scope.actorId,
    written,
  ])
}

/**
 * Returns where the next page begins, or null when there is none. In recorded order without `asOf` there is one as soon as
 * anything was recorded, so that a reader who follows the log can ask again later.
 */
export function continuationAfter(selection: Selection, page: StorePage): Continuation | null {
  const { window } = selection
  if (selection.order !== "recorded" || selection.asOf !== null) {
    return page.next && { position: page.next, window, asOf: page.asOf }
  }
  if (page.next) return { position: page.next, window, asOf: null }
  if (page.asOf === 0) return null
  // Everything recorded so far was read; in this order the index alone says where to continue.
  const last = { occurredAt: window.from, id: noEvent, index: page.asOf - 1 }
  return { position: last, window, asOf: null }
}

/** Returns the selection of a later page: with the time range and the log size of the first. */
export function continueSelection(selection: Selection, continuation: Continuation): Selection {
  return { ...selection, window: continuation.window, asOf: continuation.asOf }
}

/** Returns the key that signs cursors and is used for nothing else. */
export function cursorKeyOf(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", "auditorium cursor v1", 32))
}

/** Returns an opaque text that `readCursor` accepts only unchanged and with the same bound and key. */
export function signCursor(continuation: Continuation, bound: string, key: Uint8Array): string {
  const payload = encode(continuation)
  return Buffer.concat([payload, seal(payload, bound, key)]).toString("base64url")
}

/** Returns what was signed. Throws AppError `invalid` at /cursor for a changed cursor and for one of another query. */
export function readCursor(text: string, bound: string, key: Uint8Array): Continuation {
  const bytes = Buffer.from(text, "base64url")
  // Another spelling of the same bytes is a changed cursor too.
  if (bytes.length !== payloadBytes + macBytes || bytes.toString("base64url") !== text) throw refusal()
  const payload = bytes.subarray(0, payloadBytes)
  if (!timingSafeEqual(bytes.subarray(payloadBytes), seal(payload, bound, key))) throw refusal()
  if (payload[0] !== version) throw refusal()
  return decode(payload)
}

function seal(payload: Uint8Array, bound: string, key: Uint8Array): Buffer {
  return createHmac("sha256", key).update(payload).update(bound).digest().subarray(0, macBytes)
}

function encode({ position, window, asOf }: Continuation): Buffer {
  const id = Buffer.from(position.id.replaceAll("-", ""), "hex")
  if (id.length !== 16) throw new AppError("internal", "A position's id is not a uuid.")
  const bytes = Buffer.alloc(payloadBytes)
  bytes.writeUInt8(version, 0)
  bytes.writeBigInt64BE(epochMicroseconds(position.occurredAt), 1)
  id.copy(bytes, 9)
  bytes.writeBigInt64BE(BigInt(position.index), 25)
  bytes.writeBigInt64BE(epochMicroseconds(window.from), 33)
  bytes.writeBigInt64BE(epochMicroseconds(window.before), 41)
  bytes.writeBigInt64BE(asOf === null ? noAsOf : BigInt(asOf), 49)
  return bytes
}

function decode(bytes: Buffer): Continuation {
  const id = bytes.subarray(9, 25).toString("hex")
  const asOf = bytes.readBigInt64BE(49)
  return {
    position: {
      occurredAt: instantFromEpochMicroseconds(bytes.readBigInt64BE(1)),
      id: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
      index: Number(bytes.readBigInt64BE(25)),
    },
    window: {
      from: instantFromEpochMicroseconds(bytes.readBigInt64BE(33)),
      before: instantFromEpochMicroseconds(bytes.readBigInt64BE(41)),
    },
    asOf: asOf === noAsOf ? null : Number(asOf),
  }
}

function refusal(): AppError {
  const message = "is no cursor of this question; ask again without it to start from the first page"
  return new AppError("invalid", "The cursor does not belong to this question.", {
    faults: [{ pointer: "/cursor", message }],
  })
}
