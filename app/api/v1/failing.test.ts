import { randomUUID } from "node:crypto"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { type Api, anEvent, startApi } from "@/app/api/fixtures/api"
import { useSeconds } from "@/lib/http/failures"
import { problem } from "@/lib/operations/openapi/openapi-schemas"

let api: Api
let lines: Record<string, unknown>[]
let seconds: (() => void)[]
let putBack: () => void

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

beforeEach(() => {
  lines = []
  seconds = []
  vi.stubEnv("LOG_LEVEL", "error")
  putBack = useSeconds(write => void seconds.push(write))
  vi.spyOn(process.stderr, "write").mockImplementation(text => {
    lines.push(JSON.parse(String(text)))
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  putBack()
  await api.db.owner.query("DROP TRIGGER IF EXISTS failing ON ledger.event")
})

/** From now on the database refuses every event with this error. */
async function failWith(state: string): Promise<void> {
  await api.db.owner.query(`
    CREATE OR REPLACE FUNCTION public.failing() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN RAISE EXCEPTION 'failing' USING ERRCODE = '${state}'; END$$;
    CREATE TRIGGER failing BEFORE INSERT ON ledger.event FOR EACH ROW EXECUTE FUNCTION public.failing()`)
}

const send = () => api.call("POST", "/api/v1/events", { body: JSON.stringify(anEvent({ id: randomUUID() })) })
const health = async () => {
  const response = await api.call("GET", "/api/health", { key: null })
  return [response.status, await response.json()]
}
const secondIsOver = () => {
  for (const write of seconds.splice(0)) write()
  return lines.splice(0).filter(({ event }) => event === "request.failed")
}

describe("while events cannot be written", () => {
  test.each([
    ["53100", 503, "disk-full", /disk .* is full/],
    ["53300", 503, "too-many-connections", /no more connections/],
    ["53200", 503, "out-of-memory", /memory/],
    ["25006", 503, "read-only", /read-only/],
    ["58030", 503, "storage", /files/],
    ["57P01", 503, "unreachable", /connection .* failed/],
    ["57014", 504, "cancelled", /took too long, or somebody cancelled/],
  ] as const)(
    "answer, log and health name the cause: SQLSTATE %s is %i, %s",
    async (state, status, cause, words) => {
      await failWith(state)
      const answers = await Promise.all(Array.from({ length: 5 }, send))
      const ids = new Set<string>()
      for (const answer of answers) {
        const body = problem.parse(await answer.json())
        expect(answer.status).toBe(status)
        expect(body.detail).toMatch(words)
        expect(answer.headers.get("retry-after")).toBe("1")
        ids.add(body.requestId)
      }
      expect(await health()).toMatchObject([503, { status: "unavailable", database: "ok", writes: cause }])
      const said = secondIsOver()
      expect(said).toHaveLength(1)
      expect(said[0]).toMatchObject({
        level: "error",
        class: cause,
        status,
        operation: "event.ingest",
        count: 5,
      })
      expect(ids).toContain(said[0]?.requestId)

      await api.db.owner.query("DROP TRIGGER failing ON ledger.event")
      expect((await send()).status).toBe(201)
      expect(await health()).toMatchObject([200, { status: "ok", writes: "ok" }])
      expect(secondIsOver()).toEqual([])
    },
  )

  test("the next second has a line of its own, and the callers' own mistakes have none", async () => {
    await failWith("53100")
    await send()
    expect(secondIsOver()).toHaveLength(1)
    await send()
    await api.call("POST", "/api/v1/events", { body: "{" })
    await api.call("GET", "/api/v1/events?nothing=1")
    expect(secondIsOver()).toMatchObject([{ count: 1 }])
  })
})
