import { expect, test } from "vitest"
import { sinkDelivery } from "@/lib/delivery/sinks/delivery"
import { captureCleanUpJob } from "@/lib/jobs/capture-clean-up"
import { cleanUpJob } from "@/lib/jobs/clean-up"
import { clockJob } from "@/lib/jobs/clock"
import { deliverMailJob } from "@/lib/jobs/deliver-mail"
import { deliverSinksJob } from "@/lib/jobs/deliver-sinks"
import { partitionsJob } from "@/lib/jobs/partitions"
import { sinkCleanUpJob } from "@/lib/jobs/sink-clean-up"
import { sinkParts } from "@/lib/jobs/sink-parts"
import { tellSinksJob } from "@/lib/jobs/tell-sinks"
import { textJob } from "@/lib/jobs/text"
import { log } from "@/lib/log"
import { db, platform, setUpPlatform } from "@/test/platform"
import { jobInWords } from "./job-words"

setUpPlatform()

test("every job of the worker has words for people, and those that every worker has are known from the start", async () => {
  const sending = { sender: null, secret: "s", now: () => new Date() }
  const now = () => new Date()
  const parts = sinkParts(platform)
  const delivery = sinkDelivery({ database: db.database, parts, now, random: Math.random, log })
  const always = [
    captureCleanUpJob(db.database),
    cleanUpJob(db.database),
    clockJob(platform.clock, log),
    deliverMailJob(db.database, sending),
    deliverSinksJob(db.database, { delivery, hasServerSink: false }),
    sinkCleanUpJob(db.database),
    tellSinksJob([]),
  ].map(({ name }) => name)
  const withOwner = [partitionsJob({ ownerUrl: db.ownerUrl, log }), textJob(db.ownerUrl)].map(
    ({ name }) => name,
  )
  for (const name of [...always, ...withOwner]) expect(jobInWords(name)).not.toBe(name)
  const { rows } = await db.owner.query("SELECT name FROM job_run ORDER BY name")
  expect(rows.map(({ name }) => name)).toEqual(always.toSorted())
})

test("a job without words is shown by its name, whatever the name is", () => {
  expect(["another", "constructor", "__proto__"].map(jobInWords)).toEqual([
    "another",
    "constructor",
    "__proto__",
  ])
})
