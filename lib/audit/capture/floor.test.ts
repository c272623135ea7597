import { Buffer } from "node:buffer"
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import type { EventInput } from "@/lib/audit/event/input"
import { parseEvent } from "@/lib/audit/event/parse"
import type { JsonObject, JsonValue } from "@/lib/audit/json/value"
import { credentialsOf, numbersOf, tellingParts } from "./fixtures/credentials"
import { randomEvent, randomText } from "./fixtures/random-events"
import { hideInEvent, hideInPrepared } from "./floor"
import { hideInHeaders } from "./hide-headers"
import { hideInJson, JsonSearch } from "./hide-json"
import { mayNameInRecord, searchRecord } from "./hide-record"
import { hideInQuery, hideInText, hideInUrl, mayHoldSecretInJson } from "./hide-text"
import { mayNameSecret } from "./may-name"
import { currentFloor, floorTable } from "./secrets"

const json = (value: JsonValue, names?: readonly string[]) => hideInJson(value, names).value
const runs = 10_000

describe("a name", () => {
  test.each([
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "client_secret",
    "clientSecret",
    "secretKey",
    "token",
    "access_token",
    "refreshToken",
    "idToken",
    "apiKey",
    "api-key",
    "API_KEY",
    "x.api.key",
    "private_key",
    "privateKey",
    "cookie",
    "Set-Cookie",
    "otp",
    "pin",
    "PIN",
    "cvv",
    "sessionId",
    "session_id",
    "newPassword",
    "DB_PASSWORD",
    "MYSQL_PWD",
    "password2",
    "passwordConfirmation",
    "GITHUB_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "stripe api key",
    "JoinToken",
    "identitytoken",
    "ｐａｓｓｗｏｒｄ",
    `${"very".repeat(500)}LongPassword`,
  ])("%s makes its value secret, of any type", name => {
    for (const value of ["hunter2", 4711, ["hunter2", 1], { a: "hunter2" }]) {
      const shown = json({ [name]: value, other: "hunter3" })
      expect(JSON.stringify(shown)).not.toMatch(/hunter2|4711/)
      expect(JSON.stringify(shown)).toMatch(/\[secret\].*hunter3/)
    }
  })

  test.each([
    "token_type",
    "tokenType",
    "tokens",
    "secretName",
    "passwordChangedAt",
    "clientToken",
    "clientRequestToken",
    "hashed_token",
    "nextToken",
    "pageToken",
    "nextPageToken",
    "continuationToken",
    "author",
    "authorizationInfo",
    "pinned",
    "keyId",
    "accessKeyId",
    "publicKey",
    "spin",
    "cookieConsent",
    "/etc/passwd",
    "secrets",
  ])("%s does not", name => {
    expect(json({ [name]: "value" })).toEqual({ [name]: "value" })
  })

  test("makes nothing secret that says nothing: null, true, false, the empty text, and what is masked already", () => {
    const value = {
      password: null,
      token: true,
      secret: "",
      apiKey: "****",
      clientSecret: "HIDDEN_DUE_TO_SECURITY_REASONS",
      accessToken: "[REDACTED]",
      refreshToken: "<redacted>",
      idToken: "[secret]",
      pin: "[secret:jwt]",
      pwd: ["***", null],
    }
    expect(hideInJson(value)).toEqual({ value, hidden: [] })
  })

  test("of credentials has them searched, not replaced", () => {
    const value = {
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secret_key: "hunter2", expires: 7 },
      accessKey: { status: "Active" },
    }
    expect(json(value)).toEqual({
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secret_key: "[secret]", expires: 7 },
      accessKey: { status: "Active" },
    })
    expect(json({ credentials: "hunter2", accessKey: ["hunter2", { a: 1 }], Authorization: 7 })).toEqual({
      credentials: "[secret]",
      accessKey: ["[secret]", { a: 1 }],
      Authorization: "[secret]",
    })
  })

  test("that a policy adds makes its value secret too, and takes none away", () => {
    expect(hideInJson({ Ssn: "123", list: { "s-s-n": 4 }, password: "x" }, ["SSN"])).toEqual({
      value: { Ssn: "[secret]", list: { "s-s-n": "[secret]" }, password: "[secret]" },
      hidden: [
        { pointer: "/Ssn", kind: "policy" },
        { pointer: "/list/s-s-n", kind: "policy" },
        { pointer: "/password", kind: "password" },
      ],
    })
    expect(hideInQuery("ssn=123&a=1", ["SSN"])).toBe("ssn=[secret]&a=1")
    expect(hideInHeaders([["X-Ssn", "1"]], ["x-ssn"])).toEqual([["X-Ssn", "[secret]"]])
  })

  test("is seen at any depth, in lists of pairs, of names and values, and in the operations of a patch", () => {
    let deep: JsonValue = { password: "hunter2" }
    for (let depth = 0; depth < 60; depth += 1) deep = depth % 2 === 0 ? [deep] : { deep }
    const values: readonly JsonValue[] = [
      deep,
      [
        ["Authorization", "hunter2"],
        ["accept", "text/plain"],
      ],
      {
        env: [
          { name: "DB_PASSWORD", value: "hunter2" },
          { name: "A", value: "b" },
        ],
      },
      { parameters: [{ Key: "/prod/db/password", Value: "hunter2" }] },
      [{ op: "replace", path: "/user/password", value: "hunter2" }],
      { Env: ["DB_PASSWORD=hunter2 with, hunter2", "PATH=/bin"], Cmd: ["run", "--token=hunter2"] },
      { auths: { "registry.example": { auth: Buffer.from("u:hunter2").toString("base64") } } },
    ]
    for (const value of values) {
      const { value: shown, hidden } = hideInJson(value)
      expect(JSON.stringify(shown)).not.toMatch(/hunter2|dTpo/)
      expect(hidden).toHaveLength(value === values[5] ? 2 : 1)
    }
    expect(json(values[5] ?? null)).toEqual({
      Env: ["DB_PASSWORD=[secret]", "PATH=/bin"],
      Cmd: ["run", "--token=[secret]"],
    })
  })

  test("stays what it was when it is like a member of every object", () => {
    const value = JSON.parse('{"__proto__":{"password":"hunter2"},"constructor":1,"toString":{"token":"x"}}')
    const shown = json(value) as Record<string, unknown>
    expect(Object.keys(shown)).toEqual(["__proto__", "constructor", "toString"])
    expect(JSON.stringify(shown)).toBe(
      '{"__proto__":{"password":"[secret]"},"constructor":1,"toString":{"token":"[secret]"}}',
    )
    expect(Object.getPrototypeOf(shown)).toBe(Object.prototype)
  })
})

describe("Kubernetes' Secret", () => {
  test("loses every value, also in a list, in a patch that was applied, and whatever the names are", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "db" },
      data: { "tls.crt": "aHVudGVyMg==", n: null },
      stringData: { a: "hunter2" },
    }
    const applied = {
      kind: "Pod",
      metadata: {
        annotations: { "kubectl.kubernetes.io/last-applied-configuration": `${JSON.stringify(secret)}\n` },
      },
    }
    const list: JsonValue = {
      kind: "SecretList",
      items: [{ metadata: { name: "a" }, data: { k: "aHVudGVyMg==" } }, { data: {} }],
    }
    for (const value of [secret, { items: [secret] }, applied, list]) {
      expect(JSON.stringify(json(value))).not.toMatch(/hunter2|aHVudGVyMg/)
    }
    expect(json(secret)).toEqual({
      ...secret,
      data: { "tls.crt": "[secret]", n: null },
      stringData: { a: "[secret]" },
    })
    expect(json({ kind: "ConfigMap", data: { a: "b" } })).toEqual({ kind: "ConfigMap", data: { a: "b" } })
  })

  test("and Docker's are recognised by the path when the body does not say what it is", () => {
    const call = (path: string) =>
      hideInEvent({
        operation: "a.b",
        actor: { type: "anonymous" },
        status: "success",
        http: { path },
        metadata: {
          call: {
            request: { Name: "db", Data: "aHVudGVyMg==", data: { k: "aHVudGVyMg==" } },
            response: [{ op: "add", path: "/data/x", value: "aHVudGVyMg==" }],
          },
        },
      })
    for (const path of ["/v1.41/secrets/create", "/api/v1/namespaces/a/secrets", "/secrets/x?force=1"]) {
      expect(JSON.stringify(call(path))).not.toContain("aHVudGVyMg")
    }
    expect(call("/configs/create").hidden).toEqual([])
  })
})

describe("a text", () => {
  test.each(credentialsOf(1).map(each => [each.kind, each] as const))(
    "loses a %s, wherever it stands",
    (kind, credential) => {
      const { text } = credential
      const places: readonly string[] = [
        text,
        `before ${text} behind`,
        `(${text})`,
        `"${text}"`,
        `x=1&y=${text}`,
        `${text}\n${text}`,
        `é ${text}…`,
      ]
      for (const place of places) {
        const shown = hideInText(place)
        for (const part of tellingParts(credential)) expect(shown).not.toContain(part)
      }
      expect(hideInText(`before ${text} behind`)).toMatch(/^before .*\[secret.* ?(?:behind)?$/s)
      const { value, hidden } = hideInJson({ deep: [{ note: `see ${text}` }], [`key ${text}`]: 1 })
      for (const part of tellingParts(credential)) expect(JSON.stringify(value)).not.toContain(part)
      expect(hidden.map(each => each.kind)).toContain(kind)
    },
  )

  test("keeps what only looks like one of our keys: the checksum decides", () => {
    const [own] = credentialsOf(2)
    const other = `${own?.text.slice(0, -1)}${own?.text.endsWith("a") ? "b" : "a"}`
    expect(hideInText(own?.text ?? "")).toBe("[secret:own-key]")
    expect(hideInText(other)).toBe(other)
  })

  test.each([
    "Basic authentication is required",
    "Bearer of good news",
    "bearer authorization-required-now",
    "task-runner-that-is-rather-long-and-harmless",
    "The token was revoked",
    "Password changed",
    "https://example.com:8443/a@b?page=2#top",
    "risk-0123456789abcdef0123456789abcdef",
    "eyJ is how they begin",
    "key=value; a=b",
    "gh pr create",
    "10//0",
    "mailto:a@example.com",
    "//cdn.example.com/x@2x.png",
    "a < b && c > d",
    "it's: 'fine': 'x'",
    "<password></password>",
    "PWD=/home/ada",
    "x = y == z",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "550e8400-e29b-41d4-a716-446655440000",
    "arn:aws:iam::123456789012:role/Admin",
  ])("stays as it is: %s", text => {
    expect(hideInText(text)).toBe(text)
    expect(json({ text })).toEqual({ text })
  })

  test("loses the values of secret names: assignments, JSON in any quotation, elements, parameters, options", () => {
    const texts = [
      "login password=hunter2 ok",
      "token='hunter2 x' and more",
      "--client-secret=hunter2",
      "DB_PASSWORD=hunter2\nA=b",
      '{"password": "hunter2"',
      '{"a":1,"pin":4711}',
      "{'password': 'hunter2'}",
      '{\\"password\\":\\"hunter2\\"}',
      '{"a":"{\\"b\\":\\"{\\\\\\"token\\\\\\":\\\\\\"hunter2\\\\\\"}\\"}"}',
      '{"password":"a\\"hunter2"}',
      "<soap:Password type='x'>hunter2</soap:Password>",
      'curl -H "Authorization: Basic aHVudGVyMjpodW50ZXIy"',
      "user[password]=hunter2",
      "user%5Bpassword%5D=hunter2",
      '{"password":"x","password":"hunter2"}',
      '{"password":"hunter2","password":null}',
    ]
    for (const text of texts) {
      expect(hideInText(text)).not.toMatch(/hunter2|4711|aHVudGVyM/)
      expect(JSON.stringify(json({ text }))).not.toMatch(/hunter2|4711|aHVudGVyM/)
    }
    expect(hideInText("login password=hunter2 ok")).toBe("login password=[secret] ok")
  })

  test("that holds JSON keeps the spelling of what is no secret", () => {
    expect(json({ body: '{ "n": 12345678901234567890, "token": "hunter2" }' })).toEqual({
      body: '{ "n": 12345678901234567890, "token": "[secret]" }',
    })
  })
})

describe("an address", () => {
  test.each([
    ["https://ada:hunter2@example.com/x", "https://[secret:basic]@example.com/x"],
    ["redis://:hunter2@10.0.0.1:6379/0", "redis://[secret:basic]@10.0.0.1:6379/0"],
    ["https://ada:hun@ter2@example.com/", "https://[secret:basic]@example.com/"],
    ["/callback?access_token=hunter2&page=2", "/callback?access_token=[secret]&page=2"],
    ["https://x/#access_token=hunter2", "https://x/#access_token=[secret]"],
    ["/x?page=2;token=hunter2", "/x?page=2;token=[secret]"],
    ["/blob?sv=1&sig=hunter2%3D&se=2", "/blob?sv=1&sig=[secret]&se=2"],
    ["/o?X-Amz-Signature=hunter2", "/o?X-Amz-Signature=[secret]"],
  ])("%s loses user, password and secret parameters", (url, shown) => {
    expect(hideInUrl(url)).toBe(shown)
  })

  test("has a query whose other parameters stay byte for byte", () => {
    expect(hideInQuery("a=%20+&password=hunter2&b[]=1&b[]=2&=x&&c")).toBe(
      "a=%20+&password=[secret]&b[]=1&b[]=2&=x&&c",
    )
    expect(hideInQuery("password=hunter2")).toBe("password=[secret]")
    expect(hideInQuery("")).toBe("")
  })
})

describe("headers", () => {
  test("lose credentials, of which the scheme stays, and cookies, of which the names stay", () => {
    const headers = [
      ["Authorization", "Bearer hunter2"],
      ["authorization", "hunter2"],
      ["Proxy-Authorization", "Basic hunter2"],
      ["Cookie", "sid=hunter2; theme=hunter2"],
      ["Set-Cookie", "sid=hunter2; Path=/; HttpOnly; Max-Age=60"],
      ["X-API-Key", "hunter2"],
      ["x-auth-token", "hunter2"],
      ["x-jwt-payload", "hunter2"],
      ["x-amz-security-token", "hunter2"],
      ["x-registry-auth", "hunter2"],
      ["x-vault-token", "hunter2"],
      ["X-CSRF-Token", "hunter2"],
      ["Referer", "https://a/?token=hunter2"],
      ["Accept", "*/*"],
    ] as const
    expect(hideInHeaders(headers)).toEqual([
      ["Authorization", "Bearer [secret]"],
      ["authorization", "[secret]"],
      ["Proxy-Authorization", "Basic [secret]"],
      ["Cookie", "sid=[secret]; theme=[secret]"],
      ["Set-Cookie", "sid=[secret]; Path=/; HttpOnly; Max-Age=60"],
      ["X-API-Key", "[secret]"],
      ["x-auth-token", "[secret]"],
      ["x-jwt-payload", "[secret]"],
      ["x-amz-security-token", "[secret]"],
      ["x-registry-auth", "[secret]"],
      ["x-vault-token", "[secret]"],
      ["X-CSRF-Token", "[secret]"],
      ["Referer", "https://a/?token=[secret]"],
      ["Accept", "*/*"],
    ])
    expect(hideInHeaders(hideInHeaders(headers))).toEqual(hideInHeaders(headers))
    // As an event holds them.
    const recorded = Object.fromEntries(hideInHeaders(headers))
    expect(hideInJson(recorded)).toEqual({ value: recorded, hidden: [] })
  })
})

const base: EventInput = { operation: "user.update", actor: { type: "user", id: "ada" }, status: "success" }
const encoded = (text: string) => Buffer.from(text).toString("base64")

describe("an event", () => {
  test("without a secret is the same object", () => {
    const event = { ...base, metadata: { a: [{ b: "c" }] }, raw: encoded('{"a":"b"}'), rawFormat: "x" }
    expect(hideInEvent(event).event).toBe(event)
  })

  test("says what was hidden and does not keep its original", () => {
    const event = { ...base, metadata: { password: "hunter2" }, raw: encoded("p"), rawFormat: "okta" }
    expect(hideInEvent(event)).toEqual({
      event: {
        ...base,
        metadata: { password: "[secret]" },
        rawFormat: "okta",
        rawWithheld: `A secret was hidden (password, rules ${currentFloor})`,
      },
      hidden: [{ pointer: "/metadata/password", kind: "password" }],
    })
  })

  test("has its original searched, as JSON and as text, and loses it at a hit", () => {
    for (const raw of [
      '{"a":{"token":"hunter2"}}',
      '\ufeff{"token":"hunter2"}',
      '{"token":"hunter2","token":null}',
      '{"token" :\n"hunter2","token":null}',
      `<134>1 - ${credentialsOf(3)[5]?.text}`,
      "user=ada password=hunter2",
      '{"deep":"{\\"token\\":\\"hunter2\\"}"}',
    ]) {
      const { event } = hideInEvent({ ...base, raw: encoded(raw), rawFormat: "x" })
      expect(event).toEqual({
        ...base,
        rawFormat: "x",
        rawWithheld: expect.stringMatching(/^A secret was hidden \(/),
      })
    }
    for (const raw of [
      '{"token":null}',
      '{"a":1}',
      "plain",
      '{"accessKeyId":"AKIAIOSFODNN7EXAMPLE"}',
      "\ud800",
      "{",
    ]) {
      expect(hideInEvent({ ...base, raw: encoded(raw), rawFormat: "x" }).hidden).toEqual([])
    }
  })

  test("keeps why its original was not sent, and adds to it", () => {
    const event = { ...base, metadata: { password: "x" }, rawWithheld: "too large" }
    expect(hideInEvent(event).event.rawWithheld).toBe(
      `too large; A secret was hidden (password, rules ${currentFloor})`,
    )
    expect(
      hideInEvent({ ...event, rawWithheld: "x".repeat(500) }).event.rawWithheld?.length,
    ).toBeLessThanOrEqual(512)
  })

  test("has its changes judged by the last name of their path", () => {
    const changes = ["/user/password", "user.password", "user[password]", "/password/0", "password"].map(
      path => ({ path, before: "hunter2", after: null }),
    )
    const { event } = hideInEvent({
      ...base,
      changes: [...changes, { path: "/password/hint", before: "b", after: { token: 1 } }],
    })
    expect(event.changes).toEqual([
      ...changes.map(({ path }) => ({ path, before: "[secret]", after: null })),
      { path: "/password/hint", before: "b", after: { token: "[secret]" } },
    ])
  })

  test("keeps the names of the record itself: only shapes count there, and an operation stays one", () => {
    const [, , , , aws, github] = credentialsOf(4)
    const lower = github?.text.toLowerCase() ?? ""
    const { event } = hideInEvent({
      ...base,
      operation: `user.${lower}`,
      actor: {
        type: "api_key",
        id: aws?.text ?? "",
        credential: { type: "token", id: aws?.text ?? "", name: github?.text },
      },
    })
    expect(event.operation).toBe("user.secret-github")
    expect(event.actor).toEqual({
      type: "api_key",
      id: aws?.text,
      credential: { type: "token", id: aws?.text, name: "[secret:github]" },
    })
  })

  test("loses a credential from each member that can hold a text", () => {
    const credentials = credentialsOf(5)
    for (const credential of credentials.filter(({ kind }) => kind !== "aws")) {
      const t = credential.text
      const person = { type: "user" as const, id: t, name: t, email: t, role: t, attributes: { a: t } }
      const { event } = hideInEvent({
        ...base,
        sourceId: t,
        environment: t,
        description: t,
        statusCode: t,
        statusMessage: t,
        requestId: t,
        traceId: t,
        rawFormat: t,
        rawWithheld: t,
        occurredAtText: t,
        actor: { ...person, onBehalfOf: person, credential: { type: t, id: t, name: t } },
        targets: [{ type: t, id: t, name: t, attributes: { [t]: [t] } }],
        source: { ip: t, peerIp: t, userAgent: t },
        http: { method: t, path: `/${t}?a=${t}`, route: t },
        details: [t],
        changes: [{ path: t, before: t, after: [t] }],
        metadata: { a: { b: [t] } },
      })
      for (const part of tellingParts(credential)) expect(JSON.stringify(event)).not.toContain(part)
    }
  })
})

describe("10,000 random events", () => {
  const context = { organizationId: "o", appId: "a", newId: () => "0192f0e0-0000-7000-8000-000000000000" }

  test("are not changed by hiding a second time, at once or on their way into the ledger", () => {
    const next = numbersOf(11)
    let hits = 0
    for (let run = 0; run < runs; run += 1) {
      const { event, hidden } = hideInEvent(randomEvent(next))
      if (hidden.length > 0) hits += 1
      expect(hideInEvent(event)).toEqual({ event, hidden: [] })
      const parsed = parseEvent(event, context)
      if (!parsed.ok) expect.fail(JSON.stringify([event, parsed.faults]))
      expect(hideInPrepared(parsed.prepared, JSON.stringify(parsed.prepared.content))).toBe(parsed.prepared)
    }
    expect(hits).toBeGreaterThan(runs / 4)
    expect(hits).toBeLessThan(runs)
  })

  test("hold nothing that the first look passes over", () => {
    const next = numbersOf(12)
    const table = floorTable(currentFloor)
    if (table === null) throw new Error("There is no table.")
    let passed = 0
    let passedRecords = 0
    for (let run = 0; run < runs; run += 1) {
      const event = randomEvent(next) as unknown as JsonObject
      const value = event.metadata ?? {}
      const record = new JsonSearch(table, new Set())
      searchRecord(record, event)
      if (!mayHoldSecretInJson(JSON.stringify(event), table) && !mayNameInRecord(event, table)) {
        passedRecords += 1
        if (record.hidden.length > 0) expect.fail(JSON.stringify([event, record.hidden]))
      }
      const full = new JsonSearch(table, new Set())
      full.free(value)
      const looksHarmless =
        !mayNameSecret(value, table, new Set()) && !mayHoldSecretInJson(JSON.stringify(value), table)
      if (!looksHarmless) continue
      passed += 1
      if (full.hidden.length > 0) expect.fail(JSON.stringify([value, full.hidden]))
    }
    expect(passed).toBeGreaterThan(runs / 20)
    expect(passedRecords).toBeGreaterThan(runs / 1_000)
  })

  test("texts are not changed by hiding a second time", () => {
    const next = numbersOf(13)
    for (let run = 0; run < runs; run += 1) {
      const text = randomText(next)
      const shown = hideInText(text)
      if (hideInText(shown) !== shown) expect.fail(JSON.stringify([text, shown, hideInText(shown)]))
    }
  })
})

test("records of other systems that speak of secrets and hold none stay as they are", () => {
  const records: JsonValue[] = JSON.parse(
    readFileSync(`${import.meta.dirname}/fixtures/harmless-records.json`, "utf8"),
  )
  expect(records).toHaveLength(6)
  for (const record of records) {
    expect(hideInJson(record)).toEqual({ value: record, hidden: [] })
    const event = { ...base, metadata: { record }, raw: encoded(JSON.stringify(record)), rawFormat: "x" }
    expect(hideInEvent(event).hidden).toEqual([])
  }
})

test("version 0 hides nothing, and an unknown version is refused", () => {
  const event = { ...base, metadata: { password: "hunter2" } }
  expect(hideInEvent(event, 0)).toEqual({ event, hidden: [] })
  expect(() => hideInEvent(event, currentFloor + 1)).toThrow(RangeError)
})
