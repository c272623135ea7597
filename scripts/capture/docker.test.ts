import { createHash, randomBytes } from "node:crypto"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { presets } from "@/lib/audit/capture/policy"
import { everything, type Running, refuseUnlessAccepted, runCapture } from "@/sdk/test/proxy/captured"
import { debianDocker, runDocker } from "@/sdk/test/proxy/docker-cli"
import { ids, startDaemon } from "@/sdk/test/proxy/docker-daemon"
import { type Listening, listen } from "@/sdk/test/proxy/peers"

const docker = debianDocker()
if ("missing" in docker)
  process.emitWarning(`Skipped: Debian's docker command cannot be had: ${docker.missing}`)
const command = "command" in docker ? docker.command : ""

/** Told apart from everything else, so that one search finds them. */
const secret = (name: string) => createHash("sha256").update(name).digest("hex").slice(0, 24)
const secrets = {
  variable: secret("variable"),
  swarm: `SWMTKN-1-${secret("swarm")}0123456789abcdefghijklmnop-${secret("join")}0`,
  value: secret("value"),
}

let daemon: Listening
beforeAll(async () => {
  daemon = await startDaemon()
})
afterAll(() => daemon.close())

async function start(policy: Parameters<typeof runCapture>[0]): Promise<Running> {
  return runCapture(policy, ["--target", `http://127.0.0.1:${daemon.port}`, "--profile", "docker"])
}

describe.skipIf(command === "")("Debian's docker command through the proxy", () => {
  it("works as without it; what UCP ignores is not recorded, the rest is, and no secret is anywhere", async () => {
    const running = await start(everything)
    const run = (args: readonly string[], input = "") =>
      runDocker(command, args, { port: running.port, folder: running.folder, input })
    expect(await run(["version", "--format", "{{.Server.Version}}"])).toEqual({
      code: 0,
      printed: "20.10.24\n",
    })
    expect(await run(["info", "--format", "{{.Name}}"])).toEqual({ code: 0, printed: "stand-in\n" })
    expect((await run(["ps", "-q"])).code).toBe(0)
    const environment = ["-e", `DB_PASSWORD=${secrets.variable}`, "-e", "COLOR=marker-blue"]
    expect(await run(["create", ...environment, "--name", "web", "alpine:marker"])).toEqual({
      code: 0,
      printed: `${ids.container}\n`,
    })
    expect(await run(["swarm", "join", "--token", secrets.swarm, "192.0.2.1:2377"])).toMatchObject({
      code: 0,
      printed: expect.stringContaining("joined a swarm as a manager"),
    })
    expect(await run(["secret", "create", "db", "-"], secrets.value)).toEqual({
      code: 0,
      printed: `${ids.secret}\n`,
    })
    // Standard input ends before standard output does: each direction of the connection ends by itself.
    expect(await run(["exec", "-i", "web", "cat"], "marker-input")).toEqual({
      code: 0,
      printed: "marker-input",
    })
    const events = await running.stop()
    const calls = events.map(event => `${event.http.method} ${event.http.path}`)
    expect(calls).toEqual([
      "GET /v1.41/containers/json",
      "POST /v1.41/containers/create",
      "POST /v1.41/swarm/join",
      "POST /v1.41/secrets/create",
      "GET /v1.41/containers/web/json",
      "POST /v1.41/containers/web/exec",
      `POST /v1.41/exec/${ids.exec}/start`,
      `POST /v1.41/exec/${ids.exec}/start`,
      `GET /v1.41/exec/${ids.exec}/json`,
    ])
    for (const event of events) refuseUnlessAccepted(event)
    expect(events[1]).toMatchObject({
      operation: "containers.create",
      status: "success",
      targets: [{ type: "container", id: ids.container }],
      metadata: {
        call: { endpoint: "/containers/create", version: "1.41", profile: "docker", policyVersion: 7 },
      },
    })
    expect(events.slice(6, 8).map(event => event.metadata.call.state)).toEqual(["opened", "closed"])
    const left = running.leavings()
    // The search finds what is there.
    for (const marker of ["marker-blue", "alpine:marker", "192.0.2.1:2377"]) expect(left).toContain(marker)
    for (const value of Object.values(secrets)) {
      expect(left).not.toContain(value)
      expect(left).not.toContain(Buffer.from(value).toString("base64"))
    }
    await running.remove()
  })

  it("under the policy of UCP, bodies of secrets and of joining a swarm are left out", async () => {
    const running = await start({ ...presets.ucp, default: { call: true, data: true, resultData: false } })
    const run = (args: readonly string[], input = "") =>
      runDocker(command, args, { port: running.port, folder: running.folder, input })
    await run(["swarm", "join", "--token", secrets.swarm, "192.0.2.1:2377"])
    await run(["secret", "create", "db", "-"], secrets.value)
    await run(["create", "-e", "COLOR=marker-blue", "alpine"])
    const events = await running.stop()
    expect(events.map(event => [event.operation, event.metadata.call.request !== undefined])).toEqual([
      ["swarm.join", false],
      ["secrets.create", false],
      ["containers.create", true],
    ])
    await running.remove()
  })
})

describe("a Kubernetes API through the proxy", () => {
  it("a role binding is recorded with its object, its caller and whom the caller stands for; a secret without its values", async () => {
    const http = await import("node:http")
    const uid = "0b9c4e9e-6f5c-4f0e-9a53-3a3f6c1d2e4f"
    const target = await listen(
      http.createServer(async (request, response) => {
        let body = ""
        for await (const chunk of request) body += chunk
        const object = JSON.parse(body)
        response.writeHead(201, { "Content-Type": "application/json" })
        response.end(JSON.stringify({ ...object, metadata: { ...object.metadata, uid } }))
      }),
    )
    const running = await runCapture(everything, [
      ...["--target", `http://127.0.0.1:${target.port}`, "--profile", "kubernetes"],
    ])
    const hidden = randomBytes(12).toString("base64")
    const claims = Buffer.from(JSON.stringify({ sub: "system:serviceaccount:ci:deployer" })).toString(
      "base64url",
    )
    const token = `eyJhbGciOiJSUzI1NiJ9.${claims}.${secret("signature")}`
    const post = (path: string, object: unknown) =>
      fetch(`http://127.0.0.1:${running.port}${path}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${token}`,
          "impersonate-user": "grace",
        },
        body: JSON.stringify(object),
      })
    const binding = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "read-pods", namespace: "web" },
      subjects: [{ kind: "User", name: "ada", apiGroup: "rbac.authorization.k8s.io" }],
      roleRef: { kind: "Role", name: "pod-reader", apiGroup: "rbac.authorization.k8s.io" },
    }
    const api = "/apis/rbac.authorization.k8s.io/v1/namespaces/web/rolebindings?fieldManager=kubectl"
    expect((await post(api, binding)).status).toBe(201)
    const object = {
      kind: "Secret",
      metadata: { name: "db" },
      data: { url: hidden },
      stringData: { plain: hidden },
    }
    expect((await post("/api/v1/namespaces/web/secrets", object)).status).toBe(201)
    const events = await running.stop()
    for (const event of events) refuseUnlessAccepted(event)
    expect(events).toMatchObject([
      {
        operation: "rolebindings.create",
        status: "success",
        actor: {
          type: "service_account",
          id: "system:serviceaccount:ci:deployer",
          credential: { type: "jwt_unverified" },
          onBehalfOf: { id: "grace" },
        },
        targets: [{ id: uid }],
        metadata: { call: { endpoint: "rolebindings.create", request: { roleRef: { name: "pod-reader" } } } },
      },
      { operation: "secrets.create", targets: [{ id: uid }] },
    ])
    expect(running.leavings()).toContain("pod-reader")
    expect(running.leavings()).not.toContain(hidden)
    expect(running.leavings()).not.toContain(secret("signature"))
    await running.remove()
    await target.close()
  })
})
