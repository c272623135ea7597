import { execFileSync, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { createInterface } from "node:readline"
import { afterAll, expect, test } from "vitest"
import { outbound } from "@/lib/outbound/guard"
import { batchOf } from "@/test/sinks/batch"
import { sinkPage } from "@/test/sinks/page"
import { webhook } from "./webhook"

const page = sinkPage("webhook")
const folder = mkdtempSync(path.join(tmpdir(), "auditorium-webhook-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("the page names every setting and every credential, and its example fits", () => {
  expect(page.documented).toEqual(webhook.fields.map(({ name }) => name))
  expect(webhook.settings.safeParse(page.settings).success).toBe(true)
  const text = readFileSync("docs/sinks/webhook.md", "utf8")
  for (const { name } of webhook.credentials) expect(text).toContain(`| \`${name}\` |`)
})

test("the receiver of the page takes what has a right signature, once", async () => {
  const [makeSecret = "", makeReceiver = "", start = ""] = page.blocks("sh")
  // The library of this repository, in the version that the page installs.
  const install = /^npm install standardwebhooks@(\S+)$/m.exec(makeReceiver)
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"))
  expect(install?.[1]).toBe(devDependencies.standardwebhooks)
  symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"))
  const run = (script: string) => execFileSync("bash", ["-ec", script], { cwd: folder })
  run(makeSecret)
  run(makeReceiver.replace(install?.[0] ?? "", ""))
  const secret = readFileSync(path.join(folder, "webhook-secret"), "utf8").trim()
  expect(webhook.credentials[0]?.fault?.(secret)).toBeNull()

  const receiver = spawn("bash", ["-c", `exec ${start}`], {
    cwd: folder,
    env: { ...process.env, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  })
  try {
    const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]()
    const { value: port } = await lines.next()
    const settings = webhook.settings.parse({
      url: `http://127.0.0.1:${String(port).slice("port ".length)}/`,
    })
    const way = outbound({ allow: [{ network: "127.0.0.1", port: null }] })
    const sink = (credentials: Readonly<Record<string, string>>) =>
      webhook.open({ settings, credentials, outbound: way, directory: null, now: () => new Date() })
    const { signal } = new AbortController()
    const [first, second] = [batchOf([{}, {}]), batchOf([{}], { first: 2 })]

    const wrong = await sink({ secret: `whsec_${randomBytes(32).toString("base64")}` })
    await expect(wrong.write(first, signal)).rejects.toMatchObject({ trouble: "configuration" })
    const right = await sink({ secret })
    for (const batch of [first, first, second])
      expect(await right.write(batch, signal)).toEqual({ all: "taken" })
    for (const { event } of [...first.events, ...second.events])
      expect((await lines.next()).value).toBe(`${event.operation} ${event.id}`)
  } finally {
    const ended = once(receiver, "close")
    receiver.kill()
    await ended
  }
})
