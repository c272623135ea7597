import { createHash } from "node:crypto"
import { decode, encode } from "@msgpack/msgpack"
import { expect, it } from "vitest"
import { ackOf, heloOf, pingOf, pongOf } from "./handshake"

const raw = (message: unknown) => decode(encode(message), { rawStrings: true })
const sha512 = (...parts: (string | Uint8Array)[]) =>
  createHash("sha512")
    .update(Buffer.concat(parts.map(part => Buffer.from(part))))
    .digest("hex")
// Bytes that are no UTF-8: Fluentd's nonce is random.
const nonce = Uint8Array.from([0xff, 0x00, 0xc3, 0x28])
const auth = Uint8Array.from([0x80, 0x81])
const helo = { nonce, auth: new Uint8Array(), keepalive: true }

it("a nonce is read as bytes, whether it is sent as binary or as text", () => {
  // Old servers send bytes as `str`: 0xa4 begins four of them.
  const text = Uint8Array.from([
    0x92,
    0xa4,
    ...Buffer.from("HELO"),
    0x81,
    0xa5,
    ...Buffer.from("nonce"),
    0xa4,
    ...nonce,
  ])
  for (const bytes of [text, encode(["HELO", { nonce }])]) {
    const found = heloOf(decode(bytes, { rawStrings: true }))
    expect(Buffer.from(found?.nonce ?? "")).toEqual(Buffer.from(nonce))
  }
})

it("what is no HELO is none, and one without options has the standard ones", () => {
  for (const message of [null, 7, "HELO", [], ["PONG"], { HELO: 1 }, [["HELO"]]])
    expect(heloOf(raw(message))).toBeNull()
  for (const message of [["HELO"], ["HELO", null], ["HELO", 5], ["HELO", {}]])
    expect(heloOf(raw(message))).toMatchObject({ keepalive: true })
  expect(heloOf(raw(["HELO", { keepalive: false }]))?.keepalive).toBe(false)
})

it("PING proves the key, and the user only to a server that asks for one", () => {
  const login = { sharedKey: "key", username: "ada", password: "word" }
  const proof = sha512("salt", "auditorium", nonce, "key")
  expect(decode(pingOf(helo, login, "salt"))).toEqual(["PING", "auditorium", "salt", proof, "", ""])
  expect(decode(pingOf({ ...helo, auth }, login, "salt"))).toEqual([
    ...["PING", "auditorium", "salt", proof, "ada"],
    sha512(auth, "ada", "word"),
  ])
})

it("a server that does not know the key is not believed, though it accepts us", () => {
  const pong = (...members: unknown[]) => pongOf(raw(["PONG", ...members]), helo, "key", "salt").outcome
  expect(pong(true, "", "server", sha512("salt", "server", nonce, "key"))).toBe("accepted")
  expect(pong(true, "", "server", sha512("salt", "server", nonce, "other"))).toBe("forged")
  // Our own proof sent back.
  expect(pong(true, "", "server", sha512("salt", "auditorium", nonce, "key"))).toBe("forged")
  expect(pong(true, "", "server", "")).toBe("forged")
  expect(pong(true)).toBe("forged")
  expect(pong(1, "", "server", sha512("salt", "server", nonce, "key"))).toBe("refused")
})

it("a refusal has its reason, and another message is no PONG", () => {
  expect(pongOf(raw(["PONG", false, "shared_key mismatch", "", ""]), helo, "key", "salt")).toEqual({
    outcome: "refused",
    reason: "shared_key mismatch",
  })
  for (const message of [null, {}, ["HELO", {}], { ack: "x" }])
    expect(pongOf(raw(message), helo, "key", "salt").outcome).toBe("no-pong")
})

it("an acknowledgement is a text of a map", () => {
  expect(ackOf(raw({ ack: "abc" }))).toBe("abc")
  expect(ackOf(raw({ ack: new Uint8Array([97, 98, 99]) }))).toBe("abc")
  for (const message of [null, "abc", ["ack", "abc"], {}, { ack: 7 }, { ack: null }, { ACK: "abc" }])
    expect(ackOf(raw(message))).toBeNull()
})
