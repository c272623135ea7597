import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { append } from "@/lib/ledger/append"
import { serverSinkId } from "@/lib/sinks/server-sink"
import { isDocumented, rawLog } from "@/scripts/launcher/raw-log.mjs"
import { compiledScript } from "@/test/compiled"
import { createTestDatabase, type TestDatabase, type TestOrganization, testPatienceMs } from "@/test/database"
import { prepareTestEvent } from "@/test/events"

const patience = { timeout: testPatienceMs }
const dataDirectory = mkdtempSync(path.join(tmpdir(), "auditorium-raw-log-"))

let db: TestDatabase
beforeAll(async () => {
  db = await createTestDatabase()
})
afterAll(async () => {
  await db.close()
  rmSync(dataDirectory, { recursive: true })
})

async function startWorker() {
  const child = spawn(process.execPath, [await compiledScript("scripts/worker.ts")], {
    cwd: path.resolve(import.meta.dirname, "../.."),
    env: {
      ...{
        PATH: process.env.PATH ?? "",
        NODE_ENV: "production",
        LOG_LEVEL: "debug",
        DATA_DIR: dataDirectory,
      },
      ...{ DATABASE_URL: db.applicationUrl, SECRET: "a secret of at least thirty-two bytes" },
      ...rawLog,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const written = { stdout: "", stderr: "" }
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", text => {
      written[name] += text
    })
  const ended = new Promise(resolve => child.once("exit", resolve))
  return {
    written,
    async end() {
      child.kill("SIGTERM")
      await ended
    },
  }
}

const callId = "c9be3d7b4b914e2ea3eef53ccbd449e3"
const eventId = "0198c1f2-6f0e-7cc3-9f6e-3b8d7a1c2e4f"

async function record(organization: TestOrganization): Promise<void> {
  const http = {
    method: "POST",
    path: "/a",
    status: 200,
    durationMs: 11,
    requestBytes: 112,
    responseBytes: 332,
  }
  const call = { endpoint: "users.set_preferences", profile: "clearml", version: "2.31" }
  const events = [
    prepareTestEvent(organization, { description: "no call" }),
    prepareTestEvent(organization, {
      id: eventId,
      requestId: callId,
      http,
      statusCode: "200",
      metadata: { call },
    }),
  ]
  await db.database.withOrganization(organization.id, tx => append(tx, organization.id, events))
}

const cursors = async () =>
  (await db.superuser.query("SELECT organization_id FROM sink_cursor WHERE sink_id = $1", [serverSinkId]))
    .rowCount

it("with raw_log the worker prints the calls of every organization as ClearML documents them, and nothing else", async () => {
  const organization = await db.organization()
  await record(organization)
  const worker = await startWorker()
  try {
    await expect.poll(cursors, patience).toBe(1)
    // What was recorded before is not printed; a later organization is there from its first call on.
    await db.database.withOrganization(organization.id, tx =>
      append(tx, organization.id, [
        prepareTestEvent(organization, {
          requestId: callId,
          metadata: { call: { endpoint: "tasks.get_all" } },
          http: { durationMs: 1, requestBytes: 2, responseBytes: 3, status: 401 },
        }),
      ]),
    )
    const later = await db.organization()
    await record(later)
    const lines = () => worker.written.stdout.split("\n").slice(0, -1)
    await expect.poll(() => lines().length, patience).toBe(2)
    const companies = Object.fromEntries(
      lines().map(line => {
        expect(isDocumented(line), line).toBe(true)
        const { auth, endpoint, call_id } = JSON.parse(line)
        return [auth.identity.company_name, [endpoint, call_id]]
      }),
    )
    expect(companies).toEqual({
      [organization.name]: ["tasks.get_all", callId],
      [later.name]: ["users.set_preferences", callId],
    })
  } finally {
    await worker.end()
  }
  // Its log is all there, also what it said at the end.
  expect(worker.written.stderr).toContain("worker.started")
  expect(worker.written.stderr).toContain("worker.ended")
  expect(worker.written.stdout.trimEnd().split("\n").every(isDocumented)).toBe(true)
})
