import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { createTestDatabase, type TestDatabase } from "@/test/database"
import { foundOf, prepareTestEvent } from "@/test/events"
import { createPlatform, migrationLevel, type Platform, platform, usePlatform } from "./platform"

let test: TestDatabase
let made: Platform | undefined
beforeAll(async () => {
  test = await createTestDatabase()
  vi.stubEnv("DATABASE_URL", test.applicationUrl)
  vi.stubEnv("SECRET", randomUUID() + randomUUID())
})
afterAll(async () => {
  vi.unstubAllEnvs()
  usePlatform(null)
  await made?.database.close()
  await test.close()
})

it("there is one platform in a process, also when a bundler loads the module twice", async () => {
  made = platform()
  expect(platform()).toBe(made)
  vi.resetModules()
  const again = await import("./platform")
  expect(again.platform).not.toBe(platform)
  expect(again.platform()).toBe(made)
})

it("a sender that was too fast for one copy of the module is too fast for the other", async () => {
  made = platform()
  const copy = async () => ({
    ...(await import("@/lib/operations/events/sending-rate")),
    ...(await import("./platform")).platform(),
  })
  const first = await copy()
  vi.resetModules()
  const second = await copy()
  expect(second.rateOfAddress).not.toBe(first.rateOfAddress)
  first.rateOfAddress(first.rates, "203.0.113.77").charge(2 * made.env.bodyBytesPerSecond)
  expect(() => second.rateOfAddress(second.rates, "203.0.113.77").refuseHaste()).toThrow(
    expect.objectContaining({ code: "rate-limited" }),
  )
  expect(() => second.rateOfAddress(second.rates, "203.0.113.78").refuseHaste()).not.toThrow()
})

it("two platforms share no state", async () => {
  const [one, other] = [createPlatform(platform().env), createPlatform(platform().env)]
  const shared = Object.entries(one).filter(
    ([name, value]) => typeof value === "object" && Object.is(value, Reflect.get(other, name)),
  )
  await Promise.all([one.database.close(), other.database.close()])
  // The kinds of sinks are a list that never changes.
  expect(shared.map(([name]) => name)).toEqual(["env", "sinkKinds"])
})

it("the end of the process records the refusals that were only counted", async () => {
  const recorded: number[] = []
  const refusal = { first: async () => {}, others: async (count: number) => void recorded.push(count) }
  for (let round = 0; round < 3; round++) await platform().refusals.note("kind", refusal, 60_000)
  await Reflect.get(globalThis, Symbol.for("auditorium.closing"))()
  expect(recorded).toEqual([2])
})

/** What may be kept in a variable of a module: every copy of it would compute or read the same. */
const sameInEveryCopy = [
  "lib/access/sign-in/common-passwords.ts: known",
  "lib/audit/capture/compile.ts: known",
  "lib/audit/capture/facts.ts: nothingLeft",
  "lib/audit/capture/layers.ts: known",
  "lib/audit/capture/read-body.ts: read",
  "lib/audit/capture/hide-record.ts: none",
  "lib/audit/capture/secret-names.ts: none",
  "lib/audit/capture/secret-names.ts: remembered",
  "lib/audit/capture/secret-names.ts: rememberedPaths",
  "lib/audit/capture/secret-names.ts: added",
  "lib/audit/event/input/fields.ts: spellings",
  "lib/audit/ids.ts: used",
  "lib/audit/ids.ts: written",
  "lib/audit/json/pace.ts: turns",
  "lib/audit/query/matches.ts: tests",
  "lib/audit/seal.ts: scratch",
  "lib/audit/time/zone.ts: formats",
  "lib/env/env.ts: current",
  "lib/env/env.ts: adapterOfProcess",
  "lib/formats/engine/slots.ts: known",
  // By transaction, which begins and ends in one call.
  "lib/access/administrators.ts: seenUnderLock",
]

it("no module keeps state of its own: it belongs to the platform, whichever copy of a module asks", () => {
  const files = fs
    .readdirSync("lib", { recursive: true, encoding: "utf8" })
    .map(name => path.posix.join("lib", name))
    .filter(file => /\.ts$/.test(file) && !/\.test\.ts$|\/(generated|fixtures|testing)\//.test(file))
  const state =
    /^(?:export )?(?:let (\w+)|const (\w+)(?:: [^=]+)? = (?:new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)|(?:createGate|shares|tokenBuckets|rates|recent|repetitions)\b))/gm
  const found = files.flatMap(file =>
    [...fs.readFileSync(file, "utf8").matchAll(state)].map(match => `${file}: ${match[1] ?? match[2]}`),
  )
  expect(found.filter(one => !sameInEveryCopy.includes(one))).toEqual([])
})

it("what the ledger has accepted, the store of the same platform finds", async () => {
  made = platform()
  const organization = await test.organization()
  const event = prepareTestEvent(organization)
  const [result] = await made.ledger.append(organization.id, [event])
  const scope = { organizationId: organization.id, appIds: null, actorId: null }
  const found = foundOf(await made.store.find(scope, event.content.id))
  expect(found?.event).toMatchObject({ description: event.content.description, index: 0 })
  expect(result).toMatchObject({ outcome: "accepted", leafHash: found?.event.leafHash })
})

it("the level of the migrations is the one of the files", async () => {
  made = platform()
  expect(await migrationLevel()).toMatchObject({ pending: 0, problem: null })
})
