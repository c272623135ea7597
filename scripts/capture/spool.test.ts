import * as fs from "node:fs"
import * as http from "node:http"
import * as path from "node:path"
import { expect, it } from "vitest"
import { credentialsOf, tellingParts } from "@/lib/audit/capture/fixtures/credentials"
import { everything, runCapture } from "@/sdk/test/proxy/captured"
import { listen } from "@/sdk/test/proxy/peers"

/** Answers with everything that it was sent. */
async function startEcho() {
  return listen(
    http.createServer(async (request, response) => {
      let body = ""
      for await (const chunk of request) body += chunk
      const cookie = String(request.headers.cookie ?? "sid=none")
      response.writeHead(200, { "content-type": "application/json", "set-cookie": `${cookie}; Path=/` })
      response.end(JSON.stringify({ url: request.url, received: body }))
    }),
  )
}

it("what waits on disk while the server is away holds markers and no credential, wherever it was in a call", async () => {
  const echo = await startEcho()
  const running = await runCapture(everything, ["--target", `http://127.0.0.1:${echo.port}`])
  running.server.reply = ({ path: asked }) => (asked === "/api/v1/events" ? { status: 503 } : undefined)
  const spool = path.join(running.folder, "spool")
  const credentials = credentialsOf(900)
  const places = ["path", "query", "header", "cookie", "json", "form", "text", "authorization"]
  const call = async (text: string, marker: string) => {
    const secret = encodeURIComponent(text)
    const line = text.replaceAll("\n", " ")
    const send = (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${running.port}/${path}`, init).then(answer => answer.text())
    const post = (place: string, type: string, body: string) =>
      send(`objects/${marker}-${place}`, { method: "POST", headers: { "content-type": type }, body })
    await send(`objects/${marker}-path/${secret}`)
    await send(`objects?marker=${marker}-query&access_token=${secret}&note=${secret}`)
    await send(`objects/${marker}-header`, { headers: { "x-api-key": line, "x-note": `see ${line}` } })
    await send(`objects/${marker}-cookie`, { headers: { cookie: `sid=${secret}` } })
    await send(`objects/${marker}-authorization`, { headers: { authorization: line } })
    await post(
      "json",
      "application/json",
      JSON.stringify({ password: text, deep: [{ note: `it is ${text}` }] }),
    )
    await post("form", "application/x-www-form-urlencoded", `password=${secret}&note=${secret}`)
    await post("text", "text/plain", `password: ${text}\n${text}`)
  }
  const markers = credentials.flatMap((_, at) => places.map(place => `marker${at}-${place}`))
  await Promise.all(credentials.map(({ text }, at) => call(text, `marker${at}`)))
  expect(markers.length).toBeGreaterThan(250)
  const onDisk = () =>
    fs
      .readdirSync(spool, { recursive: true, encoding: "utf8" })
      .filter(name => name.endsWith(".jsonl"))
      .map(name => fs.readFileSync(path.join(spool, name), "utf8"))
      .join("")
  const missing = () => {
    const text = onDisk()
    return markers.filter(
      marker => !text.includes(`${marker}"`) && !text.includes(`${marker}/`) && !text.includes(`${marker}&`),
    )
  }
  await expect.poll(missing, { timeout: 60_000 }).toEqual([])
  const kept = onDisk()
  for (const [at, credential] of credentials.entries()) {
    for (const part of tellingParts(credential))
      expect(kept.includes(part), `${part} of marker${at} (${credential.kind})`).toBe(false)
  }
  running.server.reply = undefined
  await running.stop()
  expect(new Set(running.leavings().match(/marker\d+-\w+/g)).size).toBe(markers.length)
  await running.remove()
  await echo.close()
})
