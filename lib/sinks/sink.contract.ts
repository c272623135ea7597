import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { awkwardContents, batchOf, globex } from "@/test/sinks/batch"
import { failureOf } from "@/test/sinks/failure"
import { outboundFor } from "@/test/sinks/outbound-for"
import { type PeerFault, peerFaults, type StartPeer } from "@/test/sinks/peer"
import { allTaken, Given, linesOf, signal, sinkError, sorted, written } from "./given.contract"
import type { AnySinkKind } from "./kinds"
import { type Batch, SinkError, type Written } from "./sink"

/** Every kind of sink passes this suite, with the receiver that stands in `test/sinks/peers`. */
export function sinkContract(kind: AnySinkKind, startPeer: StartPeer): void {
  describe(`the sink ${kind.name}`, () => {
    const given = new Given(kind, startPeer)
    beforeAll(() => given.begin())
    afterAll(() => given.end())
    declarationContract(kind, given)
    guardContract(kind, given)
    deliveryContract(given)
    for (const fault of peerFaults) faultContract(given, fault)
  })
}

function declarationContract(kind: AnySinkKind, given: Given): void {
  it("has a name, a label and sentences for people", () => {
    expect(kind.name).toMatch(/^[a-z][a-z0-9]{0,38}$/)
    for (const text of [kind.label, kind.summary, kind.proof]) expect(text.trim()).toMatch(/^\S.+$/s)
  })

  it("takes the settings that it returns, and refuses what it does not know, naming it", () => {
    const parsed = kind.settings.parse(given.peer.settings)
    expect(kind.settings.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
    const unknown = kind.settings.safeParse({ ...given.peer.settings, tapeDrive: true })
    expect(unknown.success).toBe(false)
    expect(JSON.stringify(unknown.error?.issues)).toContain("tapeDrive")
    for (const wrong of [null, [], "text", 1]) expect(kind.settings.safeParse(wrong).success).toBe(false)
  })

  it("asks in its form only for settings that exist, each once, and begins with values that fit", () => {
    const names = kind.fields.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, input, choices, initial } of kind.fields) {
      const unfit = kind.settings.safeParse({ ...given.peer.settings, [name]: { no: "setting" } })
      // An unknown member is named as such, a known one by its path.
      expect(
        unfit.error?.issues.some(issue => issue.path[0] === name),
        name,
      ).toBe(true)
      if (input === "choice") expect(choices?.length, name).toBeGreaterThan(0)
      for (const value of [initial, ...(choices ?? []).map(one => one.value)].filter(
        one => one !== undefined,
      )) {
        const fits = kind.settings.safeParse({ ...given.peer.settings, [name]: value })
        // By itself: together with the host of the test, another setting may be needed.
        const own = fits.error?.issues.filter(issue => issue.code !== "custom") ?? []
        expect(own, `${name} = ${value}`).toEqual([])
      }
    }
  })

  it("takes credentials on one line only, so that none can add a header or a line of its own", () => {
    const names = kind.credentials.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, fault } of kind.credentials) {
      const good = given.peer.credentials[name]
      if (good !== undefined) expect(fault?.(good) ?? null, name).toBeNull()
      for (const bad of ["", `${good}\r\nX-Injected: 1`, `${good}\n`, `${good}\u0000`])
        expect(fault?.(bad), `${name}: ${JSON.stringify(bad)}`).toEqual(expect.any(String))
    }
  })

  it("keeps credentials out of its settings, and binds them to the host", () => {
    for (const { name } of kind.credentials) expect(kind.fields.map(field => field.name)).not.toContain(name)
    const here = kind.boundTo(kind.settings.parse(given.peer.settings))
    if (given.peer.elsewhere === null) return expect(kind.credentials).toEqual([])
    expect(here).toEqual(expect.any(String))
    expect(kind.boundTo(kind.settings.parse(given.peer.elsewhere))).not.toBe(here)
  })

  it("collects batches within the memory of a worker", () => {
    const { mostEvents, mostBytes, least, longestWaitMs } = kind.batching(
      kind.settings.parse(given.peer.settings),
    )
    expect(least).toBeGreaterThanOrEqual(1)
    expect(mostEvents).toBeGreaterThanOrEqual(least)
    expect(mostEvents).toBeLessThanOrEqual(10_000)
    expect(mostBytes).toBeGreaterThanOrEqual(256 * 1024)
    expect(mostBytes).toBeLessThanOrEqual(16 * 1024 * 1024)
    expect(longestWaitMs).toBeGreaterThanOrEqual(0)
  })
}

function guardContract(kind: AnySinkKind, given: Given): void {
  it("is refused where OUTBOUND_ALLOW does not name its host: when saved, and when it sends", async () => {
    const settings = kind.settings.parse(given.peer.settings)
    expect(kind.check(settings, given.outbound)).toEqual([])
    if (given.peer.allow.length === 0) return
    const closed = outboundFor([])
    const faults = kind.check(settings, closed)
    expect(faults.length).toBeGreaterThan(0)
    for (const { pointer, message } of faults) {
      expect(pointer).toMatch(/^\/\w+/)
      expect(message).toContain("OUTBOUND_ALLOW")
    }
    const arrived = await given.arriving(async () => {
      const error = await failureOf(given.open(closed).then(open => open.write(given.batch(), signal())))
      expect(error).toMatchObject({
        trouble: "configuration",
        message: expect.stringContaining("OUTBOUND_ALLOW"),
      })
    })
    expect(arrived).toEqual([])
  })

  it("cannot be opened without a credential that it requires", async () => {
    for (const { name, required } of kind.credentials) {
      if (!required) continue
      const { [name]: _, ...others } = given.peer.credentials
      const error = await failureOf(
        given.open(given.outbound, others).then(open => open.write(given.batch(), signal())),
      )
      expect(error, name).toMatchObject({ trouble: "credentials" })
    }
  })
}

function deliveryContract(given: Given): void {
  it("delivers every event of a batch, unchanged and in order", async () => {
    const batch = given.batch(awkwardContents)
    const arrived = await given.arriving(async () => {
      const connection = await given.open()
      expect(await connection.write(batch, signal())).toSatisfy(allTaken)
      await connection.close()
    })
    expect(arrived).toEqual(linesOf(batch))
  })

  it("delivers batch after batch over one connection", async () => {
    const batches = [given.batch(), given.batch([{}]), given.batch()]
    const arrived = await given.arriving(async () => {
      const connection = await given.open()
      for (const batch of batches) expect(await connection.write(batch, signal())).toSatisfy(allTaken)
      await connection.close()
    })
    expect(arrived).toEqual(batches.flatMap(linesOf))
  })

  it("delivers a batch that is sent again whole, with the same ids", async () => {
    const batch = given.batch()
    let before = 0
    const arrived = await given.arriving(async () => {
      before = (await given.peer.received()).length
      for (const at of [batch.at, new Date(batch.at.getTime() + 3_600_000)]) {
        const connection = await given.open()
        expect(await connection.write({ ...batch, at }, signal())).toSatisfy(allTaken)
        await connection.close()
      }
    })
    const once = linesOf(batch)
    expect(arrived).toEqual(given.peer.repetitions === "once" ? once : [...once, ...once])
    const ids = (await given.peer.received()).slice(before).map(({ documentId }) => documentId)
    if (ids[0] !== null) expect(new Set(ids)).toEqual(new Set(batch.events.map(event => event.documentId)))
  })

  it("delivers the events of two organizations that have the same ids", async () => {
    const ours = given.batch()
    const theirs = batchOf([{}, {}, {}], { organization: globex, first: ours.first })
    expect(theirs.events.map(({ event }) => event.id)).toEqual(ours.events.map(({ event }) => event.id))
    const arrived = await given.arriving(async () => {
      for (const batch of [ours, theirs]) {
        const connection = await given.open()
        expect(await connection.write(batch, signal())).toSatisfy(allTaken)
        await connection.close()
      }
    })
    expect([...arrived].sort()).toEqual([...linesOf(ours), ...linesOf(theirs)].sort())
  })

  it("closes without an error, also twice, and before anything was sent", async () => {
    const connection = await given.open()
    await connection.close()
    await connection.close()
  })

  it("takes nothing when it is stopped before it begins", async () => {
    const connection = await given.open()
    const arrived = await given.arriving(async () => {
      await expect(written(connection, given.batch(), AbortSignal.abort())).resolves.not.toSatisfy(allTaken)
    })
    expect(arrived).toEqual([])
    await connection.close()
  })
}

/** Whatever the receiver does wrong, nothing is lost: the batch is not called taken, and arrives when it is sent again. */
function faultContract(given: Given, fault: PeerFault): void {
  it(`loses nothing when the receiver is ${fault}, and says no credential`, async context => {
    const { peer } = given
    const begin = peer.faults[fault]
    if (typeof begin === "string") {
      process.stderr.write(`The sink ${given.kind.name} has no fault "${fault}": ${begin}\n`)
      return context.skip(begin)
    }
    const batch = given.batch()
    await begin()
    const outcome = await attempt(given, batch, fault === "silent" || fault === "endless")
    await peer.heal()
    expect(outcome).not.toSatisfy(allTaken)
    if (outcome instanceof SinkError) {
      expect(outcome.trouble).toBe("later")
      for (const secret of Object.values(peer.credentials)) expect(outcome.message).not.toContain(secret)
      expect(Buffer.byteLength(outcome.message)).toBeLessThanOrEqual(4_096)
    }
    const again = await given.open()
    expect(await again.write(batch, signal())).toSatisfy(allTaken)
    await again.close()
    const arrived = (await peer.received()).map(({ entry }) => sorted(entry))
    for (const line of linesOf(batch)) expect(arrived).toContain(line)
  })
}

/** Returns what a write came to: an error counts as an outcome. One that would wait is stopped once bytes have arrived. */
async function attempt(given: Given, batch: Batch, isStopped: boolean): Promise<Written | SinkError> {
  const stop = new AbortController()
  const writing = given.open().then(async connection => {
    const outcome = await written(connection, batch, stop.signal)
    await connection.close()
    return outcome
  }, sinkError)
  if (isStopped) {
    await given.peer.reached()
    stop.abort()
  }
  return writing
}
