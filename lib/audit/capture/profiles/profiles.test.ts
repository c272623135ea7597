import { describe, expect, test } from "vitest"
import { decide } from "@/lib/audit/capture/decide"
import { body, call, everything, factsOf, recorded } from "@/lib/audit/capture/testing/calls"
import { profileNames } from "./profile"
import { profileNamed } from "./registry"

/** Returns endpoint and version of each line. */
function endpointsOf(profile: string, lines: readonly string[]) {
  return lines.map(line => {
    const { endpoint, version } = profileNamed(profile)?.endpointOf(call(line)) ?? { endpoint: "" }
    return version === undefined ? endpoint : `${endpoint} (${version})`
  })
}

function operationsOf(profile: string, lines: readonly string[]) {
  return lines.map(line => recorded(profile, call(line)).operation)
}

test("every profile is found by its name, and no other name is one", () => {
  expect(profileNames.map(name => profileNamed(name)?.name)).toEqual([...profileNames])
  expect(["", "Docker", "constructor", "swarm"].map(profileNamed)).toEqual([null, null, null, null])
})

describe("an endpoint is the same for every spelling of its path", () => {
  test.each([
    ["generic", "/invoices", ["/invoices/", "//invoices", "/v1/invoices", "/v1/invoices//"]],
    [
      "clearml",
      "users.set_preferences",
      ["/users.set_preferences/", "/v2.31/users.set_preferences", "//v2//users.set_preferences"],
    ],
    [
      "docker",
      "/containers/create",
      ["/v1.41/containers/create", "/containers/create/", "//v1.24//containers//create"],
    ],
    ["kubernetes", "pods.list", ["/api/v1/pods", "/api/v1/pods/", "//api//v1//namespaces/default/pods"]],
  ])("%s: %s", (profile, endpoint, paths) => {
    const found = paths.map(path => profileNamed(profile)?.endpointOf(call(`GET ${path}`)).endpoint)
    expect(new Set(found)).toEqual(new Set([endpoint]))
  })
})

test.each(profileNames)(
  "%s: a path that may mean another one has no endpoint that a rule could name",
  name => {
    const rule = {
      name: "Nothing of secrets",
      when: { endpoints: ["/secrets", "secrets.*", "tasks.create"] },
      then: { call: false },
    }
    for (const path of [
      "/_ping/%2e%2e/secrets",
      "/x/../secrets",
      "/api/v1/../v1/secrets",
      "/version%2f..%2fx",
      "/a/../tasks.create",
      "secrets",
      "*",
    ]) {
      const made = call("", { method: "POST", path })
      const endpoint = profileNamed(name)?.endpointOf(made).endpoint ?? ""
      expect(decide({ ...everything, rules: [rule] }, made, endpoint).call, path).toBe(true)
      expect(recorded(name, made).operation, path).toBe("http.call")
    }
  },
)

describe("clearml", () => {
  test("an endpoint is the service and its action, with the version beside it", () => {
    expect(
      endpointsOf("clearml", [
        "POST /v2.31/tasks.get_all",
        "GET /debug.ping",
        "POST /api/v2/tasks.create",
        "GET /files/a/b.png",
      ]),
    ).toEqual(["tasks.get_all (2.31)", "debug.ping", "tasks.create (2)", "/files/a/b.png"])
  })

  test("the answer's own result, message and id are those of the event", () => {
    const meta = {
      id: "c9be3d7b4b914e2ea3eef53ccbd449e3",
      result_code: 200,
      result_subcode: 0,
      result_msg: "OK",
    }
    const event = recorded(
      "clearml",
      call("POST /users.set_preferences", { responseBody: body({ meta, data: {} }) }),
    )
    expect(event).toMatchObject({
      operation: "users.set_preferences",
      status: "success",
      statusCode: "200",
      statusMessage: "OK",
      requestId: "c9be3d7b4b914e2ea3eef53ccbd449e3",
    })
  })

  test("a refusal or a failure in the answer counts, also under a head that says 200", () => {
    const outcome = (result_code: number) => {
      const answer = body({ meta: { result_code, result_msg: "Invalid id" }, data: {} })
      const { status, statusCode, statusMessage } = recorded(
        "clearml",
        call("POST /tasks.edit", { responseBody: answer }),
      )
      return `${status} ${statusCode} ${statusMessage}`
    }
    expect([401, 403, 400, 500, 200].map(outcome)).toEqual([
      "denied 401 Invalid id",
      "denied 403 Invalid id",
      "failure 400 Invalid id",
      "failure 500 Invalid id",
      "success 200 Invalid id",
    ])
  })

  test("the result is read from the beginning of an answer that was kept in part only", () => {
    const whole = body({ meta: { result_code: 400, result_msg: "Bad" }, data: { tasks: ["x".repeat(9000)] } })
    const answer = { ...whole, bytes: whole.bytes.subarray(0, 512) }
    expect(recorded("clearml", call("POST /tasks.get_all", { responseBody: answer }))).toMatchObject({
      status: "failure",
      statusCode: "400",
      statusMessage: "Bad",
    })
  })

  test("created and changed objects are found in the answer and in the request", () => {
    const id = "0f3c9a7be1d24b0c8f4f5f2f1f0e9d8c"
    const other = "1f3c9a7be1d24b0c8f4f5f2f1f0e9d8c"
    const targets = (line: string, request: unknown, data: unknown) =>
      recorded(
        "clearml",
        call(line, { requestBody: body(request), responseBody: body({ meta: { result_code: 200 }, data }) }),
      ).targets
    expect(targets("POST /tasks.create", { name: "Training" }, { id })).toEqual([{ type: "task", id }])
    expect(targets("POST /tasks.enqueue", { task: id, queue: other }, { queued: 1 })).toEqual([
      { type: "task", id },
    ])
    expect(targets("POST /tasks.delete_many", { ids: [id, other, id] }, {})).toEqual([
      { type: "task", id },
      { type: "task", id: other },
    ])
    expect(targets("POST /tasks.get_by_id", { task: id }, { id })).toEqual([])
  })
})

describe("docker", () => {
  test("endpoints are paths with {id}, whatever the names of objects are", () => {
    expect(
      endpointsOf("docker", [
        "POST /v1.41/containers/create",
        "GET /v1.41/containers/json",
        "POST /containers/my.container-1/start",
        "DELETE /images/registry.example/team/tool:1.2",
        "GET /images/library/nginx/json",
        "PUT /containers/x/archive",
        "POST /services/a1b2/update",
        "POST /swarm/join",
        "GET /info",
        "POST /auth/login",
      ]),
    ).toEqual([
      "/containers/create (1.41)",
      "/containers/json (1.41)",
      "/containers/{id}/start",
      "/images/{id}",
      "/images/{id}/json",
      "/containers/{id}/archive",
      "/services/{id}/update",
      "/swarm/join",
      "/info",
      "/auth/login",
    ])
  })

  test("operations are a resource and what is done to it", () => {
    expect(
      operationsOf("docker", [
        "GET /containers/json",
        "GET /containers/abc/json",
        "POST /containers/create",
        "POST /containers/abc/kill",
        "DELETE /containers/abc",
        "POST /containers/abc/exec",
        "POST /exec/abc/start",
        "POST /images/create?fromImage=nginx&tag=1",
        "POST /images/create?fromSrc=-",
        "POST /build?t=x",
        "POST /v1.41/secrets/create",
        "POST /secrets/abc/update",
        "GET /nodes",
        "GET /swarm",
        "POST /swarm/join",
        "POST /auth/login",
        "PUT /api/ucp/config/logging",
      ]),
    ).toEqual([
      "containers.list",
      "containers.inspect",
      "containers.create",
      "containers.kill",
      "containers.delete",
      "exec.create",
      "exec.start",
      "images.pull",
      "images.import",
      "images.build",
      "secrets.create",
      "secrets.update",
      "nodes.list",
      "swarm.inspect",
      "swarm.join",
      "auth.login",
      "ucp.config.logging.update",
    ])
  })

  const id = "4f2c3d4e5f60".repeat(5)

  test("the id of what was created is recorded, its name only when the policy asks for names", () => {
    const made = call("POST /containers/create?name=db", {
      status: 201,
      responseBody: body({ Id: id, Warnings: [], Name: "db" }),
    })
    expect(recorded("docker", made).targets).toEqual([{ type: "container", id }])
    expect(recorded("docker", made, { ...everything, idsOnly: false }).targets).toEqual([
      { type: "container", id, name: "db" },
    ])
  })

  test("an object that its path names by name is recorded only when the policy asks for names", () => {
    expect(recorded("docker", call(`POST /containers/${id}/stop`, { status: 204 })).targets).toEqual([
      { type: "container", id },
    ])
    const byName = call("POST /containers/ines-private/stop", { status: 204 })
    expect(recorded("docker", byName).targets).toEqual([])
    expect(recorded("docker", byName, { ...everything, idsOnly: false }).targets).toEqual([
      { type: "container", id: "ines-private", name: "ines-private" },
    ])
  })

  test("nothing was changed by a call that was refused, and what it says is the message", () => {
    const event = recorded(
      "docker",
      call("POST /services/create", { status: 403, responseBody: body({ message: "access denied" }) }),
    )
    expect(event).toMatchObject({ status: "denied", statusMessage: "access denied", targets: [] })
  })

  test("a request to Kubernetes under UCP's address is one of Kubernetes", () => {
    const event = recorded("docker", call("POST /apis/rbac.authorization.k8s.io/v1/rolebindings"))
    expect(event.operation).toBe("rolebindings.create")
    expect(factsOf(event)).toMatchObject({ profile: "kubernetes", endpoint: "rolebindings.create" })
    expect(factsOf(recorded("docker", call("GET /roles")))).toMatchObject({ profile: "docker" })
  })
})

describe("kubernetes", () => {
  test("endpoints are the resource and the verb of its own audit log", () => {
    expect(
      endpointsOf("kubernetes", [
        "GET /api/v1/pods",
        "GET /api/v1/namespaces/default/pods?watch=true",
        "GET /api/v1/watch/namespaces/default/pods",
        "GET /api/v1/namespaces/default/pods/web-0",
        "POST /api/v1/namespaces/default/pods/web-0/exec?command=sh",
        "PATCH /apis/apps/v1/namespaces/default/deployments/web",
        "DELETE /apis/apps/v1/namespaces/default/deployments",
        "DELETE /api/v1/namespaces/default",
        "PUT /api/v1/namespaces/default/finalize",
        "POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "GET /healthz",
      ]),
    ).toEqual([
      "pods.list (v1)",
      "pods.watch (v1)",
      "pods.watch (v1)",
      "pods.get (v1)",
      "pods.exec.create (v1)",
      "deployments.patch (apps/v1)",
      "deployments.deletecollection (apps/v1)",
      "namespaces.delete (v1)",
      "namespaces.finalize.update (v1)",
      "clusterrolebindings.create (rbac.authorization.k8s.io/v1)",
      "/healthz",
    ])
  })

  const uid = "9c0a8b1e-5c2d-4f3a-8f1e-0123456789ab"

  test("an object is its uid; a name is recorded only when the policy asks for names", () => {
    const created = call("POST /api/v1/namespaces/default/pods", {
      status: 201,
      responseBody: body({ kind: "Pod", metadata: { name: "web-0", uid } }),
    })
    expect(recorded("kubernetes", created).targets).toEqual([{ type: "pods", id: uid }])
    expect(recorded("kubernetes", created, { ...everything, idsOnly: false }).targets).toEqual([
      { type: "pods", id: uid, name: "web-0" },
    ])
    const deleted = call("DELETE /api/v1/namespaces/default/pods/web-0", {
      responseBody: body({ kind: "Status", details: { name: "web-0", uid } }),
    })
    expect(recorded("kubernetes", deleted).targets).toEqual([{ type: "pods", id: uid }])
    const exec = call("POST /api/v1/namespaces/default/pods/web-0/eviction", { status: 201 })
    expect(recorded("kubernetes", exec).targets).toEqual([])
    expect(recorded("kubernetes", exec, { ...everything, idsOnly: false }).targets).toEqual([
      { type: "pods", id: "default/web-0", name: "web-0" },
    ])
  })
})

describe("generic", () => {
  test("endpoints have {id} for everything that is no word", () => {
    expect(
      endpointsOf("generic", [
        "GET /invoices/42",
        "GET /v1/invoices/0199a8f0-1c2d-7e3f-8a4b-5c6d7e8f9a0b/lines",
        "GET /users/ines@example.com",
        "GET /files/deadbeef",
        "GET /",
        "GET /api/v2/users",
      ]),
    ).toEqual([
      "/invoices/{id}",
      "/invoices/{id}/lines (1)",
      "/users/{id}",
      "/files/{id}",
      "/",
      "/api/v2/users",
    ])
  })

  test("a route that a framework knows is the endpoint, in one spelling", () => {
    const endpoint = (route: string) =>
      profileNamed("generic")?.endpointOf(call("GET /v1/invoices/a-b/x", { route })).endpoint
    expect(
      [
        "/v1/invoices/:id/x",
        "/invoices/[id]/x",
        "/invoices/{id}/x",
        "invoices/[...id]/x",
        "/invoices/:id(\\d+)/x",
      ].map(endpoint),
    ).toEqual(Array(5).fill("/invoices/{id}/x"))
  })

  test("operations are the words of the path and the verb of the method", () => {
    expect(
      operationsOf("generic", [
        "GET /api/v1/invoices/42",
        "POST /invoices",
        "POST /invoices/42/lines",
        "POST /invoices/42/approve",
        "PATCH /invoices/42",
        "DELETE /invoices/42",
        "POST /users.set_preferences",
        "POST /listUsers",
        "PROPFIND /files",
        "GET /",
      ]),
    ).toEqual([
      "invoices.read",
      "invoices.create",
      "invoices.lines.create",
      "invoices.approve",
      "invoices.update",
      "invoices.delete",
      "users.set_preferences",
      "list_users.create",
      "files.propfind",
      "http.read",
    ])
  })

  test.each([
    ["id at the top", { id: 7 }, ["7"]],
    ["Id", { Id: "x1" }, ["x1"]],
    ["ID", { ID: "x1" }, ["x1"]],
    ["uid", { uid: "x1" }, ["x1"]],
    ["_id", { _id: "x1" }, ["x1"]],
    ["under data", { data: { id: "x1" } }, ["x1"]],
    ["under metadata", { metadata: { uid: "x1" } }, ["x1"]],
    ["several", { data: [{ id: "x1" }, { id: "x2" }] }, ["x1", "x2"]],
    ["a list", [{ id: 1 }, { id: 2 }], ["1", "2"]],
    ["none", { ok: true }, []],
    ["an id that is none", { id: { a: 1 } }, []],
  ])("an answer names what it created: %s", (_, answer, ids) => {
    const event = recorded("generic", call("POST /invoices", { status: 201, responseBody: body(answer) }))
    expect(event.targets).toEqual(ids.map(id => ({ type: "invoices", id })))
  })

  test("Location names what was created, the path what was changed or deleted", () => {
    const created = call("POST /invoices", {
      status: 201,
      responseHeaders: [["Location", "https://example.com/v1/invoices/in_7?x=1"]],
    })
    expect(recorded("generic", created).targets).toEqual([{ type: "invoices", id: "in_7" }])
    const moved = call("POST /login", { status: 302, responseHeaders: [["Location", "/home"]] })
    expect(recorded("generic", moved).targets).toEqual([])
    for (const line of ["PUT /invoices/42", "DELETE /invoices/42", "POST /invoices/42/approve"])
      expect(recorded("generic", call(line)).targets, line).toEqual([{ type: "invoices", id: "42" }])
    expect(recorded("generic", call("GET /invoices/42")).targets).toEqual([])
  })

  test.each([
    [{ detail: "No such invoice", title: "Not found" }, "No such invoice"],
    [{ message: "No such invoice" }, "No such invoice"],
    [{ error: { message: "No such invoice" } }, "No such invoice"],
    [{ errors: [{ detail: "No such invoice" }] }, "No such invoice"],
    [{ error: "invalid_grant", error_description: "No such invoice" }, "invalid_grant"],
    [{ ok: false }, undefined],
  ])("the message of an error is found: %j", (answer, message) => {
    const event = recorded(
      "generic",
      call("GET /invoices/42", { status: 404, responseBody: body(answer, "application/problem+json") }),
    )
    expect(event.statusMessage).toBe(message)
  })
})
