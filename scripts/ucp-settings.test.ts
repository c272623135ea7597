import { execFile, spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Api, readLog, startApi } from "@/app/api/fixtures/api"
import type { Method } from "@/lib/http/methods"
import { createHttpServer } from "./launcher/http-server.mjs"

const execute = promisify(execFile)
const page = fs.readFileSync(path.join(import.meta.dirname, "..", "docs", "ucp-settings.md"), "utf8")
const tools = ["nginx -v", "curl -V", "openssl version"].map(line => line.split(" "))
const missing = tools.filter(([name = "", flag = ""]) => spawnSync(name, [flag]).status !== 0)
if (missing.length > 0)
  console.warn(`Skipped: UCP's commands are not tried, because there is no ${missing.map(([name]) => name)}.`)

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  )
}

// Word for word from UCP's documentation.
const documented = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the shell
  "curl --cert ${DOCKER_CERT_PATH}/cert.pem --key ${DOCKER_CERT_PATH}/key.pem --cacert ${DOCKER_CERT_PATH}/ca.pem -k -X GET https://ucp-domain/api/ucp/config/logging > auditlog.json",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of the shell
  'curl --cert ${DOCKER_CERT_PATH}/cert.pem --key ${DOCKER_CERT_PATH}/key.pem --cacert ${DOCKER_CERT_PATH}/ca.pem -k -H "Content-Type: application/json" -X PUT --data $(cat auditlog.json) https://ucp-domain/api/ucp/config/logging',
]

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1")
  await new Promise(resolve => server.once("listening", resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === "object" && address !== null ? address.port : 0
}

let api: Api
let home: string
let stop: () => Promise<void>

/** Our server, as nginx finds it. */
async function listen(port: number): Promise<() => void> {
  const { server } = createHttpServer({
    baseUrl: "https://ucp-domain",
    handle: async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }
      const sent = { key: null, headers, ...body }
      const answer = await api.call((request.method ?? "GET") as Method, request.url ?? "/", sent)
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    },
  })
  await new Promise<void>(resolve => server.listen(port, "127.0.0.1", resolve))
  return () => server.close()
}

/** The example of the page, with the files, the ports and the key of this test. */
function nginxConfig(key: string, tlsPort: number, port: number): string {
  const [example = ""] = blocks("nginx")
  const mine = example
    .replace("listen 443 ssl;", `listen 127.0.0.1:${tlsPort} ssl;`)
    .replace("/etc/nginx/ucp-domain.pem", path.join(home, "server.pem"))
    .replace("/etc/nginx/ucp-domain-key.pem", path.join(home, "server-key.pem"))
    .replace("/etc/nginx/audit-clients/ca.pem", path.join(home, "ucp-bundle-dir", "ca.pem"))
    .replace("127.0.0.1:3000", `127.0.0.1:${port}`)
    .replace("aud_live_...", key)
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map(name => `${name}_temp_path ${path.join(home, name)};`)
    .join("\n")
  return `daemon off; worker_processes 1; pid ${home}/pid; error_log ${home}/error.log;
    ${process.getuid?.() === 0 ? "user root;" : ""}
    events {}
    http { access_log off; ${temporary}
      ${mine} }`
}

/** Runs commands of the page as they stand in it, in the home directory of an operator. Returns what they print. */
async function shell(commands: string): Promise<string> {
  const env = { ...process.env, HOME: home }
  const { stdout } = await execute("bash", ["-euc", commands], { cwd: home, env })
  return stdout
}

const file = () => fs.readFileSync(path.join(home, "auditlog.json"), "utf8")

describe.runIf(missing.length === 0)("the page about UCP's commands", () => {
  beforeAll(async () => {
    api = await startApi(() => ({ TRUSTED_PROXIES: "203.0.113.5/32" }))
    home = fs.mkdtempSync(path.join(os.tmpdir(), "auditorium-ucp-"))
    const [tlsPort, port] = [await freePort(), await freePort()]
    const [certificates = ""] = blocks("sh")
    await shell(certificates.replaceAll("rsa:3072", "rsa:2048"))
    await shell(
      'openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj "/CN=ucp-domain" -keyout server-key.pem -out server.pem 2>&1',
    )
    // The commands name ucp-domain and the port 443.
    fs.writeFileSync(
      path.join(home, ".curlrc"),
      `silent\nconnect-to = "ucp-domain:443:127.0.0.1:${tlsPort}"\n`,
    )
    const key = await api.tenant.makeKey(["CAPTURE-MANAGEMENT"])
    fs.writeFileSync(path.join(home, "nginx.conf"), nginxConfig(key, tlsPort, port))
    const close = await listen(port)
    const nginx = spawn("nginx", ["-c", path.join(home, "nginx.conf"), "-p", home], { stdio: "ignore" })
    const ended = new Promise(resolve => nginx.once("exit", resolve))
    while (nginx.exitCode === null) {
      const answered = await shell(`curl -k https://127.0.0.1:${tlsPort}`).then(
        () => true,
        () => false,
      )
      if (answered) break
    }
    stop = async () => {
      nginx.kill("SIGTERM")
      await ended
      close()
      await api.close()
      fs.rmSync(home, { recursive: true })
    }
    if (nginx.exitCode !== null) throw new Error(fs.readFileSync(path.join(home, "error.log"), "utf8"))
  })
  afterAll(() => stop?.())

  test("has both commands word for word, and they run unchanged: the level is read, edited and set", async () => {
    const [, ...commands] = blocks("sh")
    for (const line of documented) expect(commands.join("")).toContain(`${line}\n`)
    const [read = "", edit = "", put = ""] = commands
    const paths = "export DOCKER_CERT_PATH=~/ucp-bundle-dir/\n"
    await shell(read)
    expect(file()).toBe('{"logLevel":"INFO","auditLevel":"none","supportDumpIncludeAuditLogs":false}')
    // Putting back what was read changes nothing.
    expect(await shell(paths + put)).toBe(file())
    await shell(edit)
    expect(await shell(paths + put)).toBe(file())
    await shell(read)
    expect(file()).toBe('{"logLevel":"INFO","auditLevel":"request","supportDumpIncludeAuditLogs":false}')
    const events = (await readLog(api, api.tenant.organization)).filter(
      ({ operation }) => operation === "capture_policy.update",
    )
    expect(events.map(({ changes }) => changes.map(({ path: changed }) => changed).sort())).toEqual([
      [],
      ["/default/data", "/enabled"],
    ])
    expect(events[1]).toMatchObject({ actor: { type: "api_key" }, source: { ip: "127.0.0.1" } })
  })

  test("lets nobody in without a certificate, with one of another authority, or with a subject without a key", async () => {
    const status = (flags: string) =>
      shell(`curl ${flags} -k -o /dev/null -w '%{http_code}' https://ucp-domain/api/ucp/config/logging`)
    const issue = (name: string, authority: string) =>
      shell(`openssl req -newkey rsa:2048 -nodes -subj "/CN=${name}" -keyout ${name}-key.pem -out r.pem 2>&1
        openssl x509 -req -in r.pem ${authority} -CAcreateserial -days 1 -out ${name}.pem 2>&1`)
    await issue("guest", "-CA ucp-bundle-dir/ca.pem -CAkey ucp-bundle-dir/ca-key.pem")
    await issue("operations", "-CA server.pem -CAkey server-key.pem")
    expect(await status("")).toBe("400")
    expect(await status("--cert operations.pem --key operations-key.pem")).toBe("400")
    expect(await status("--cert guest.pem --key guest-key.pem")).toBe("401")
    expect(await status('--cert guest.pem --key guest-key.pem -H "Authorization: Bearer aud_live_x"')).toBe(
      "401",
    )
    const bundle = "--cert ucp-bundle-dir/cert.pem --key ucp-bundle-dir/key.pem"
    expect(await status(bundle)).toBe("200")
  })
})
