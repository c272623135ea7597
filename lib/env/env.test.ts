import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { emptyEnvironment } from "@/lib/audit/capture/clearml-environment"
import { checkEnv, describeEnv, EnvError, isLoopback, readEnv, standardBaseUrl } from "./env"

const GOOD = {
  DATABASE_URL: "postgresql://app:pw-one@db.example:5432/audit?sslmode=require",
  SECRET: "0123456789abcdef0123456789abcdef",
}

const PROVIDER = {
  OIDC_ISSUER: "https://accounts.example.com/",
  OIDC_CLIENT_ID: "auditorium",
  OIDC_CLIENT_SECRET: "hunter2 hunter2",
}

function messageOf(source: Record<string, string>): string {
  try {
    readEnv(source)
  } catch (error) {
    if (error instanceof EnvError) return error.message
    throw error
  }
  return "accepted"
}

describe("readEnv", () => {
  it("fills in the defaults", () => {
    expect(readEnv(GOOD)).toEqual({
      port: 3000,
      host: "127.0.0.1",
      baseUrl: "http://127.0.0.1:3000",
      grpc: { port: null, tls: null },
      databaseUrl: GOOD.DATABASE_URL,
      databaseOwnerUrl: null,
      databasePoolSize: 10,
      databasePatienceSeconds: 5,
      dataDirectory: path.resolve(".data"),
      secret: GOOD.SECRET,
      trustedProxies: [],
      ingestionRatePerSecond: 20_000,
      requestsInWork: 500,
      bodyBytesPerSecond: 20_000_000,
      clarifaiRatePerSecond: 15,
      exportLimit: 4,
      exportLimitPerOrganization: 2,
      seedDemo: false,
      smtpUrl: null,
      metricsToken: null,
      mailFrom: "Auditorium <auditorium@localhost>",
      logLevel: "info",
      logLevelIsSet: false,
      openIdConnect: null,
      capture: emptyEnvironment,
      outboundAllow: [],
      shown: expect.arrayContaining([
        { name: "PORT", value: "not set" },
        { name: "SECRET", value: "set" },
      ]),
    })
  })

  it("shows of every secret only whether it is set", () => {
    const secrets = {
      DATABASE_URL: "postgresql://app:hidden-1@db.example/audit",
      DATABASE_OWNER_URL: "postgresql://owner:hidden-2@db.example/audit",
      SECRET: "hidden-3-abcdefghijklmnopqrstuvwxyz-0123456789",
      SMTP_URL: "smtps://user:hidden-4@mail.example",
      OIDC_ISSUER: "https://login.example",
      OIDC_CLIENT_ID: "console",
      OIDC_CLIENT_SECRET: "hidden-5",
    }
    const { shown } = readEnv({ ...GOOD, ...secrets, PORT: "8080" })
    expect(JSON.stringify(shown)).not.toContain("hidden-")
    expect(shown.filter(({ value }) => value === "set").map(({ name }) => name)).toEqual([
      "DATABASE_URL",
      "DATABASE_OWNER_URL",
      "SECRET",
      "SMTP_URL",
      "OIDC_CLIENT_SECRET",
    ])
    expect(shown).toContainEqual({ name: "PORT", value: "8080" })
    expect(shown).toContainEqual({ name: "OIDC_ISSUER", value: "https://login.example" })
    expect(shown).toContainEqual({ name: "HOST", value: "not set" })
  })

  it("takes the host people use for the sender, unless it is told another", () => {
    const from = (given: Record<string, string>) => readEnv({ ...GOOD, ...given }).mailFrom
    expect(from({ BASE_URL: "https://audit.example.com" })).toBe("Auditorium <auditorium@audit.example.com>")
    expect(from({ BASE_URL: "http://[::1]:3000" })).toBe("Auditorium <auditorium@localhost>")
    for (const mailFrom of ["audit@example.com", "Audit logs <audit@example.com>"])
      expect(from({ MAIL_FROM: mailFrom })).toBe(mailFrom)
  })

  it("reads what is given", () => {
    const env = readEnv({
      ...GOOD,
      PORT: " 8443 ",
      HOST: "::1",
      BASE_URL: "https://audit.example.com/",
      DATABASE_OWNER_URL: "postgres://owner@db.example/audit",
      TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.7 2001:DB8::/32",
      SEED_DEMO: "1",
      LOG_LEVEL: "debug",
      DATA_DIR: "/var/lib/auditorium",
    })
    expect(env).toMatchObject({
      port: 8443,
      host: "::1",
      baseUrl: "https://audit.example.com",
      databaseOwnerUrl: "postgres://owner@db.example/audit",
      trustedProxies: ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"],
      seedDemo: true,
      logLevel: "debug",
      logLevelIsSet: true,
      dataDirectory: "/var/lib/auditorium",
    })
  })

  it("takes an empty text for an absent variable", () => {
    expect(readEnv({ ...GOOD, PORT: "", BASE_URL: " ", DATABASE_OWNER_URL: "" })).toEqual(readEnv(GOOD))
  })

  it("names every wrong variable at once, each on a line of its own", () => {
    const message = messageOf({ PORT: "80a", HOST: "not a host", LOG_LEVEL: "loud" })
    for (const name of ["PORT", "HOST", "LOG_LEVEL", "DATABASE_URL", "SECRET"]) {
      expect(message).toMatch(new RegExp(`^ {2}${name}: .*expected`, "m"))
    }
  })

  it.each([
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "3e3"],
    ["HOST", "http://127.0.0.1"],
    ["BASE_URL", "audit.example.com"],
    ["BASE_URL", "https://audit.example.com/console"],
    ["BASE_URL", "https://user:pw@audit.example.com"],
    ["BASE_URL", "ftp://audit.example.com"],
    ["DATABASE_URL", "mysql://app@db.example/audit"],
    ["DATABASE_URL", "postgresql://db.example"],
    ["DATABASE_POOL_SIZE", "1"],
    ["DATABASE_PATIENCE_SECONDS", "0"],
    ["SECRET", "0123456789abcdef0123456789abcde"],
    ["SECRET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    ["TRUSTED_PROXIES", "10.0.0.0/33"],
    ["TRUSTED_PROXIES", "10.0.0.0/8,localhost"],
    ["INGESTION_RATE_PER_SECOND", "0"],
    ["BODY_BYTES_PER_SECOND", "0"],
    ["CLARIFAI_RATE", "0"],
    ["EXPORT_LIMIT", "0"],
    ["EXPORT_LIMIT_PER_ORGANIZATION", "none"],
    ["SEED_DEMO", "maybe"],
    ["SMTP_URL", "mail.example.com:587"],
    ["SMTP_URL", "https://mail.example.com"],
    ["SMTP_URL", "smtp://mail.example.com/path"],
    ["SMTP_URL", "smtp://mail.example.com?tls=off"],
    ["MAIL_FROM", "Auditorium"],
    ["MAIL_FROM", "a@example.com, b@example.com"],
    ["MAIL_FROM", "Auditorium <a@example.com>\nBcc: b@example.com"],
    ["LOG_LEVEL", "INFO"],
    ["OIDC_NAME", "two\nlines"],
    ["OIDC_ALLOWED_DOMAINS", "example.com, @acme.example"],
    ["OIDC_GROUPS_CLAIM", "two\nlines"],
  ])("refuses %s=%s", (name, value) => {
    expect(
      checkEnv({ ...GOOD, ...(name.startsWith("OIDC_") && PROVIDER), [name]: value }).map(
        problem => problem.name,
      ),
    ).toEqual([name])
  })

  it("never shows the value of a secret", () => {
    const message = messageOf({
      DATABASE_URL: "mysql://app:hunter2@h/d",
      DATABASE_OWNER_URL: "x:hunter2",
      SECRET: "hunter2",
      SMTP_URL: "smpt://me:hunter2@mail.example.com",
    })
    expect(message).toContain("DATABASE_URL")
    expect(message).not.toContain("hunter2")
  })

  it("refuses an application that would connect as the owner", () => {
    const problems = checkEnv({ ...GOOD, DATABASE_OWNER_URL: "postgresql://app:other@db.example/audit" })
    expect(problems).toEqual([{ name: "DATABASE_URL", message: expect.stringContaining("same role") }])
  })

  it("refuses an owner's address without the application's", () => {
    const source = { SECRET: GOOD.SECRET, DATABASE_OWNER_URL: "postgresql://owner@db.example/audit" }
    expect(checkEnv(source, ["DATABASE_URL"]).map(problem => problem.name)).toEqual(["DATABASE_OWNER_URL"])
  })

  it("lets a variable that is made later be absent, but not wrong", () => {
    expect(checkEnv({}, ["DATABASE_URL", "SECRET"])).toEqual([])
    expect(checkEnv({ SECRET: "short" }, ["DATABASE_URL", "SECRET"])).toHaveLength(1)
  })

  it("reads the OpenID provider, its issuer letter by letter", () => {
    const more = { OIDC_ALLOWED_DOMAINS: "Acme.example, example.org", OIDC_GROUPS_CLAIM: "groups" }
    expect(readEnv({ ...GOOD, ...PROVIDER, ...more }).openIdConnect).toEqual({
      issuer: "https://accounts.example.com/",
      clientId: "auditorium",
      clientSecret: "hunter2 hunter2",
      name: "single sign-on",
      allowedDomains: ["acme.example", "example.org"],
      groupsClaim: "groups",
    })
  })

  it.each(Object.keys(PROVIDER))("refuses an OpenID provider without %s", name => {
    const problems = checkEnv({ ...GOOD, ...PROVIDER, [name]: "" })
    expect(problems).toEqual([{ name, message: expect.stringContaining("or none of them") }])
  })

  it.each([
    "http://127.evil.example",
    "http://accounts.example.com",
    "https://a:b@accounts.example.com",
    "https://x.example/?a=b",
    "x",
  ])("refuses the issuer %s", issuer => {
    const problems = checkEnv({ ...GOOD, ...PROVIDER, OIDC_ISSUER: issuer })
    expect(problems.map(problem => problem.name)).toEqual(["OIDC_ISSUER"])
  })

  it("takes an issuer without TLS on this machine only", () => {
    for (const issuer of ["http://127.0.0.1:4000", "http://localhost:4000/oidc", "http://[::1]:4000"]) {
      expect(checkEnv({ ...GOOD, ...PROVIDER, OIDC_ISSUER: issuer })).toEqual([])
    }
  })

  it("spells the address of a server that listens everywhere as one that can be opened", () => {
    expect(standardBaseUrl("0.0.0.0", 80)).toBe("http://127.0.0.1")
    expect(standardBaseUrl("::", 3000)).toBe("http://[::1]:3000")
    expect(standardBaseUrl("audit.local", 3000)).toBe("http://audit.local:3000")
  })
})

describe("isLoopback", () => {
  it.each(["localhost", "127.0.0.1", "127.8.0.1", "::1", "[::1]", "mail.localhost"])("takes %s", host => {
    expect(isLoopback(host)).toBe(true)
  })

  it.each(["0.0.0.0", "::", "127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", "[::2]"])(
    "refuses %s",
    host => {
      expect(isLoopback(host)).toBe(false)
    },
  )
})

describe("the keys of ClearML", () => {
  const calls = "CLEARML__apiserver__log_calls"

  it("are read from the environment and from the file, which is the weaker one", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "env-test-"))
    const file = path.join(folder, "apiserver.conf")
    try {
      writeFileSync(file, "log_calls: true\napilog.redact_identity: true")
      const { policy, locks } = readEnv({ ...GOOD, CAPTURE_FILE: file, [calls]: "false" }).capture
      expect(policy).toMatchObject({ enabled: false, redactIdentity: true })
      expect(locks.map(({ variable }) => variable)).toEqual([calls, calls, "CAPTURE_FILE"])
      writeFileSync(file, '\ninclude "other"')
      expect(messageOf({ ...GOOD, CAPTURE_FILE: file })).toContain(
        "CAPTURE_FILE: apiserver.conf line 2: include",
      )
      writeFileSync(file, " ".repeat(1_048_577))
      expect(messageOf({ ...GOOD, CAPTURE_FILE: file })).toContain("CAPTURE_FILE: ")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("refuse the start by a bad value, named beside the other problems", () => {
    const message = messageOf({ ...GOOD, [calls]: "perhaps", PORT: "x" })
    expect(message).toContain(`${calls}: "perhaps" does not fit; expected true or false`)
    expect(message).toContain("PORT: ")
  })

  it.each(["/does/not/exist", "/dev/zero", tmpdir()])(
    "refuse the start by a file that cannot be read: %s",
    file => {
      expect(messageOf({ ...GOOD, CAPTURE_FILE: file })).toContain("CAPTURE_FILE: ")
    },
  )

  it("only warn of a key that nobody knows", () => {
    const { warnings } = readEnv({ ...GOOD, CLEARML__apiserver__apilog__adaptor: "raw_log" }).capture
    expect(warnings).toEqual([expect.stringContaining("CLEARML__apiserver__apilog__adaptor")])
  })
})

describe("gRPC", () => {
  const files = { GRPC_TLS_CERT: "tls/cert.pem", GRPC_TLS_KEY: "/etc/tls/key.pem" }

  it("is off until a port is given, and each port is on its own", () => {
    expect(readEnv({ ...GOOD, ...files, GRPC_PORT: "0", GRPC_TLS_PORT: "0" }).grpc).toEqual({
      port: null,
      tls: null,
    })
    expect(readEnv({ ...GOOD, GRPC_PORT: "50051" }).grpc).toEqual({ port: 50_051, tls: null })
    const tls = {
      port: 50_052,
      certificateFile: path.resolve("tls/cert.pem"),
      keyFile: "/etc/tls/key.pem",
    }
    expect(readEnv({ ...GOOD, ...files, GRPC_TLS_PORT: "50052" }).grpc).toEqual({ port: null, tls })
  })

  it.each([
    [{ GRPC_TLS_PORT: "50052" }, ["GRPC_TLS_CERT", "GRPC_TLS_KEY"]],
    [{ GRPC_TLS_PORT: "50052", GRPC_TLS_CERT: "cert.pem" }, ["GRPC_TLS_KEY"]],
    [{ GRPC_TLS_PORT: "50052", GRPC_TLS_KEY: "key.pem", GRPC_TLS_CERT: " " }, ["GRPC_TLS_CERT"]],
    [{ GRPC_PORT: "3000" }, ["GRPC_PORT"]],
    [{ PORT: "4000", GRPC_PORT: "4000" }, ["GRPC_PORT"]],
    [{ GRPC_PORT: "050051", GRPC_TLS_PORT: "50051", ...files }, ["GRPC_TLS_PORT"]],
    [{ GRPC_PORT: "65536" }, ["GRPC_PORT"]],
    [{ GRPC_TLS_PORT: "-1" }, ["GRPC_TLS_PORT"]],
    [{ GRPC_PORT: "off" }, ["GRPC_PORT"]],
    [{ PORT: "0", GRPC_PORT: "0", GRPC_TLS_PORT: "0" }, []],
  ])("%j: what does not fit is named", (variables: Record<string, string>, names) => {
    expect(checkEnv({ ...GOOD, ...variables }).map(({ name }) => name)).toEqual(names)
  })
})

describe("the README", () => {
  it("has the configuration table of this file, word for word", () => {
    const rows = describeEnv().map(
      ({ name, standard, meaning }) => `| \`${name}\` | ${standard} | ${meaning} |`,
    )
    const table = ["| Variable | Default | Meaning |", "| --- | --- | --- |", ...rows].join("\n")
    const section = readFileSync("README.md", "utf8").split("## Configuration")[1]?.split("\n## ")[0]
    expect(section).toContain(table)
  })
})
