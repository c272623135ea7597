import { describe, expect, test } from "vitest"
import type { ActorInput } from "@/lib/audit/event/input"
import type { Call } from "./call"
import { callerOfCertificate } from "./caller"
import { basic, body, call, everything, factsOf, jwt, metadata, recorded } from "./testing/calls"

function bearer(claims: Parameters<typeof jwt>[0]): Call["headers"] {
  return [["authorization", `Bearer ${jwt(claims)}`]]
}

function actorOf(profile: string, headers: Call["headers"], more: Partial<Call> = {}): ActorInput {
  return recorded(profile, call("GET /users.get_all", { headers, ...more }), metadata).actor
}

const nobody = { type: "anonymous", id: "anonymous" }

describe("credentials that only the target can check", () => {
  const claims = {
    sub: "u-1",
    name: "Ines Moreau",
    email: "ines@example.com",
    roles: ["admin", "auditor"],
    iss: "https://id.example",
    jti: "t-9",
  }

  test("the claims of a JWT are the caller, marked as unverified", () => {
    expect(actorOf("generic", bearer(claims))).toEqual({
      type: "user",
      id: "u-1",
      name: "Ines Moreau",
      email: "ines@example.com",
      role: "admin, auditor",
      attributes: { issuer: "https://id.example" },
      credential: { type: "jwt_unverified", id: "t-9" },
    })
  })

  test("the user of Basic is the caller and the credential, marked as unverified", () => {
    expect(actorOf("generic", basic("ines"))).toEqual({
      type: "user",
      id: "ines",
      credential: { type: "basic_unverified", id: "ines" },
    })
    // A password may hold colons, a scheme may be written in any case, the base64 without its padding.
    expect(actorOf("generic", basic("ines", "a:b:c"))).toMatchObject({ id: "ines" })
    expect(actorOf("generic", [["AUTHORIZATION", "bAsIc aW5lczp4"]])).toMatchObject({ id: "ines" })
  })

  test.each([
    ["the target answered 401", { status: 401 }],
    ["the target answered 403", { status: 403 }],
    ["a proxy wanted credentials", { status: 407 }],
    ["there was no answer", { status: null, failure: "client-gone" }],
    ["the target was not reached", { status: 502, failure: "unreachable" }],
    ["the target was too slow", { status: 504, failure: "timeout" }],
  ] as const)("nobody is believed when %s", (_, more) => {
    for (const headers of [bearer(claims), basic("ines"), [["impersonate-user", "root"]] as const])
      for (const profile of ["generic", "docker", "kubernetes", "clearml"])
        expect(actorOf(profile, headers, more)).toEqual(nobody)
  })

  test.each([
    ["an answer that is no refusal", { status: 404 }],
    ["an answer that broke off", { status: 200, failure: "broken-off" }],
    ["a connection that changed its protocol", { status: 101, state: "opened" }],
  ] as const)("%s says nothing against the credentials", (_, more) => {
    expect(actorOf("generic", bearer(claims), more)).toMatchObject({ id: "u-1" })
  })

  test.each([
    ["an opaque token", [["authorization", "Bearer 2YotnFZFEjr1zCsicMWpAA"]]],
    ["three parts that are no JSON", [["authorization", "Bearer aaa.bbb.ccc"]]],
    ["an encrypted token", [["authorization", "Bearer aaa.bbb.ccc.ddd.eee"]]],
    ["claims that name nobody", bearer({ iss: "x" })],
    [
      "claims that are a list",
      [["authorization", `Bearer e30.${Buffer.from("[1]").toString("base64url")}.x`]],
    ],
    ["an id that is no text", bearer({ sub: { a: 1 } })],
    ["two authorizations", [...bearer(claims), ...bearer({ sub: "u-2" })]],
    [
      "two authorizations in one",
      [["authorization", `Bearer ${jwt(claims)}, Bearer ${jwt({ sub: "u-2" })}`]],
    ],
    ["Basic without a user", basic("")],
    ["Basic that is no base64", [["authorization", "Basic ü:ü"]]],
    ["another scheme", [["authorization", "Digest username=ines"]]],
  ] as const)("nobody is made of %s", (_, headers) => {
    expect(actorOf("generic", headers)).toEqual(nobody)
  })

  test("programs are service accounts", () => {
    const typeOf = (claims: Parameters<typeof jwt>[0]) => actorOf("generic", bearer(claims)).type
    expect(typeOf({ sub: "x1@clients", gty: "client-credentials" })).toBe("service_account")
    expect(typeOf({ sub: "job", client_id: "job" })).toBe("service_account")
    expect(typeOf({ sub: "system:serviceaccount:default:builder" })).toBe("service_account")
    expect(typeOf({ sub: "ines", azp: "console" })).toBe("user")
  })

  test("neither token nor password is in the event", () => {
    const token = jwt({ sub: "u-1" })
    const headers = [
      ["authorization", `Bearer ${token}`],
      ["cookie", `clearml_token_basic=${token}`],
    ] as const
    expect(
      JSON.stringify(recorded("clearml", call("POST /auth.login", { headers }), everything)),
    ).not.toContain(token.slice(0, 40))
    const text = JSON.stringify(
      recorded("clearml", call("POST /auth.login", { headers: basic("key", "pass-word-77") }), everything),
    )
    expect(text).not.toContain("pass-word-77")
    expect(text).not.toContain(Buffer.from("key:pass-word-77").toString("base64"))
  })
})

describe("what an application says of its caller", () => {
  const caller = {
    type: "user",
    id: "u-7",
    name: "Ines Moreau",
    credential: { type: "session", id: "s-1" },
  } as const

  test("goes before the credentials of the call, whatever the answer", () => {
    expect(actorOf("generic", bearer({ sub: "forged" }), { caller, status: 403 })).toEqual(caller)
  })

  test("is completed by the person that a header says it acts for", () => {
    const headers = [["X-Clearml-Impersonate-As", "u-8"]] as const
    expect(actorOf("clearml", headers, { caller })).toMatchObject({
      id: "u-7",
      onBehalfOf: { type: "user", id: "u-8" },
    })
    expect(actorOf("clearml", headers, { caller, status: 403 })).toEqual(caller)
    expect(actorOf("generic", headers, { caller })).toEqual(caller)
  })
})

describe("clearml", () => {
  const identity = { user: "u-1", company: "c-1", role: "admin", user_name: "Ines", company_name: "abcd" }
  const whole = {
    type: "user",
    id: "u-1",
    name: "Ines",
    role: "admin",
    attributes: { company: "c-1", company_name: "abcd" },
    credential: { type: "jwt_unverified", id: "u-1" },
  }

  test("a token names user, role and tenant, in the header or in the cookie of the web application", () => {
    expect(actorOf("clearml", bearer({ identity, env: "x" }))).toEqual(whole)
    expect(actorOf("clearml", [["Cookie", `a=b; clearml_token_basic=${jwt({ identity })}`]])).toEqual(whole)
  })

  test("an authorization goes before the cookie, and two cookies are none", () => {
    const cookie = ["cookie", `clearml_token_basic=${jwt({ identity })}`] as const
    expect(actorOf("clearml", [...basic("KEY"), cookie])).toMatchObject({ type: "api_key", id: "KEY" })
    expect(
      actorOf("clearml", [cookie, ["cookie", `clearml_token_basic=${jwt({ identity: { user: "u-2" } })}`]]),
    ).toEqual(nobody)
  })

  test("the documented curl line is a key that acts for a user", () => {
    expect(actorOf("clearml", [["X-Clearml-Impersonate-As", "USER_ID"], ...basic("APISERVER_KEY")])).toEqual({
      type: "api_key",
      id: "APISERVER_KEY",
      credential: { type: "basic_unverified", id: "APISERVER_KEY" },
      onBehalfOf: { type: "user", id: "USER_ID", attributes: { impersonation: "impersonate-as" } },
    })
  })

  test("both names of both headers are read, in the order in which ClearML reads them", () => {
    const acting = (...headers: Call["headers"]) =>
      actorOf("clearml", [...headers, ...basic("KEY")]).onBehalfOf
    expect(acting(["x-trains-impersonate-as", "a"])).toMatchObject({ id: "a" })
    expect(acting(["x-trains-act-as", "a"])).toMatchObject({
      id: "a",
      attributes: { impersonation: "act-as" },
    })
    expect(acting(["X-TRAINS-IMPERSONATE-AS", "b"], ["X-CLEARML-IMPERSONATE-AS", "a"])).toMatchObject({
      id: "a",
    })
    expect(acting(["x-clearml-act-as", "b"], ["x-clearml-impersonate-as", "a"])).toMatchObject({ id: "a" })
    expect(acting(["x-clearml-act-as", "  "])).toBeUndefined()
  })

  test("a header without credentials is marked: it is all that is known", () => {
    expect(actorOf("clearml", [["X-Clearml-Act-As", "u-8"]])).toEqual({
      ...nobody,
      credential: { type: "header_unverified", id: "u-8" },
      onBehalfOf: { type: "user", id: "u-8", attributes: { impersonation: "act-as" } },
    })
  })

  test("a refusal in the answer alone is one: the credentials are not believed", () => {
    const responseBody = body({ meta: { result_code: 401 } })
    expect(actorOf("clearml", basic("KEY"), { responseBody })).toEqual(nobody)
  })
})

test("kubernetes: the impersonated user and groups are on whose behalf it was", () => {
  const headers = [
    ["Impersonate-User", "jane"],
    ["Impersonate-Group", "dev"],
    ["Impersonate-Group", "ops"],
    ...bearer({ sub: "system:serviceaccount:default:ci" }),
  ] as const
  expect(actorOf("kubernetes", headers)).toMatchObject({
    type: "service_account",
    id: "system:serviceaccount:default:ci",
    onBehalfOf: { type: "user", id: "jane", attributes: { groups: "dev, ops" } },
  })
  expect(actorOf("docker", headers, { path: "/api/v1/pods" })).toMatchObject({ onBehalfOf: { id: "jane" } })
})

describe("a client certificate", () => {
  test("names the caller by its common name", () => {
    expect(
      callerOfCertificate({
        subject: { CN: "ines", O: "docker", OU: ["a", "b"] },
        fingerprint256: "AB:CD",
        serialNumber: "01",
      }),
    ).toEqual({
      type: "user",
      id: "ines",
      name: "ines",
      attributes: { organization: "docker", organizationalUnit: ["a", "b"] },
      credential: { type: "client_certificate", id: "AB:CD", name: "ines" },
    })
  })

  test("is nobody without one, whatever Node returns for none", () => {
    expect(
      [null, {}, { subject: {} }, { subject: { CN: "" } }, { subject: { CN: [] } }].map(callerOfCertificate),
    ).toEqual(Array(5).fill(null))
  })
})

describe("an identity that is redacted", () => {
  const policies = [
    ["redactIdentity", { ...everything, redactIdentity: true }],
    ["the category auth", { ...everything, categories: { ...everything.categories, auth: false } }],
  ] as const

  test.each(policies)("leaves the kind of caller and the address: %s", (_, policy) => {
    const caller: ActorInput = {
      type: "user",
      id: "u-7",
      name: "Ines",
      email: "ines@example.com",
      role: "admin",
      attributes: { company: "abcd" },
      credential: { type: "session", id: "s-1" },
      sessionHash: "0".repeat(64),
    }
    const headers = [
      ["X-Clearml-Act-As", "u-8"],
      ["Impersonate-User", "jane"],
      ["X-Forwarded-User", "ines"],
      ["Accept", "*/*"],
    ] as const
    const event = recorded(
      "clearml",
      call("POST /users.update", { caller, headers, requestBody: body({ user: "u-7" }) }),
      policy,
    )
    expect(event.actor).toEqual({
      type: "user",
      id: "redacted",
      onBehalfOf: { type: "user", id: "redacted" },
    })
    expect(event.source).toMatchObject({ ip: "203.0.113.7" })
    expect(event.targets).toEqual([])
    const { headers: kept, withheld } = factsOf(event)
    expect(kept).toEqual({ request: { accept: "*/*" } })
    expect(withheld).toContainEqual({ part: "headers/request/x-clearml-act-as", why: "identity" })
  })

  test("somebody anonymous stays anonymous", () => {
    expect(recorded("generic", call("GET /"), policies[0][1]).actor).toEqual(nobody)
  })
})
