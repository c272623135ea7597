// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitutions are what HOCON calls them
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { emptyEnvironment, readCaptureEnvironment } from "./clearml-environment"
import { pathOfVariable } from "./clearml-given"

type Source = Readonly<Record<string, string>>

function read(source: Source, file: string | null = null) {
  const conf = file === null ? null : { name: "apiserver.conf", text: file }
  const { environment, problems } = readCaptureEnvironment(source, conf)
  expect(problems).toEqual([])
  return environment
}

function problemsOf(source: Source, file: string | null = null) {
  const conf = file === null ? null : { name: "apiserver.conf", text: file }
  return readCaptureEnvironment(source, conf).problems.map(({ name, message }) => `${name}: ${message}`)
}

const calls = "CLEARML__apiserver__log_calls"

describe("the documented lines", () => {
  it("switch the recording of calls on, also that of own calls", () => {
    for (const variable of [calls, "CLEARML__APISERVER__log_calls", "clearml__ApiServer__LOG_CALLS"])
      expect(read({ [variable]: "true" }).policy).toMatchObject({ enabled: true, ownCalls: true })
    expect(read({ [calls]: "false" }).policy).toMatchObject({ enabled: false, ownCalls: false })
    expect(read({}).policy).not.toHaveProperty("enabled")
  })

  it("set the default for every endpoint, in three spellings", () => {
    for (const name of ["_default", "_default_", "default", "_DEFAULT", "__default__"])
      for (const option of ["log_data", "_log_data"]) {
        const variable = `CLEARML__apiserver__endpoints__${name}__${option}`
        expect([variable, read({ [variable]: "true" }).policy.default]).toEqual([variable, { data: true }])
      }
    const whole = read({
      CLEARML__apiserver__endpoints___default__log_call: "true",
      CLEARML__apiserver__endpoints___default__log_data: "true",
      CLEARML__apiserver__endpoints___default__log_result_data: "false",
    })
    expect(whole.policy.default).toEqual({ call: true, data: true, resultData: false })
    expect(whole.policy.rules).toEqual([])
  })

  it("set endpoints, which become rules in the order of their names", () => {
    const { policy, locks } = read({
      CLEARML__apiserver__endpoints__workers__status_report__log_call: "true",
      CLEARML__apiserver__endpoints__workers__status_report__log_result_data: "true",
      CLEARML__apiserver__endpoints__workers__status_report__log_data: '["queue", "tags"]',
      CLEARML__APISERVER__ENDPOINTS__auth__create_credentials__log_data: "false",
    })
    expect(policy.rules).toEqual([
      {
        name: "auth.create_credentials",
        when: { endpoints: ["auth.create_credentials"] },
        then: { data: false },
      },
      {
        name: "workers.status_report",
        when: { endpoints: ["workers.status_report"] },
        then: { call: true, data: ["queue", "tags"], resultData: true },
      },
    ])
    expect(locks.map(({ pointer, line }) => `${pointer} ${line}`)).toEqual([
      "/rules/0 CLEARML__APISERVER__ENDPOINTS__auth__create_credentials__log_data=false",
      "/rules/1 CLEARML__apiserver__endpoints__workers__status_report__log_call=true",
      '/rules/1 CLEARML__apiserver__endpoints__workers__status_report__log_data=["queue", "tags"]',
      "/rules/1 CLEARML__apiserver__endpoints__workers__status_report__log_result_data=true",
    ])
  })

  it.each(["auth", "headers", "version", "stats", "result", "data"] as const)("set the category %s", name => {
    const variable = `CLEARML__apiserver__apilog__log_fields__${name}__enabled`
    expect(read({ [variable]: "true" }).policy.categories).toEqual({ [name]: true })
    expect(read({ [variable]: "no" }).locks).toEqual([
      { pointer: `/categories/${name}`, variable, line: `${variable}=no` },
    ])
  })

  it("set the redaction of identities", () => {
    expect(read({ CLEARML__apiserver__apilog__redact_identity: "true" }).policy.redactIdentity).toBe(true)
  })

  it("configure the adapters, with ClearML's standard values", () => {
    const base = "CLEARML__apiserver__apilog__adapters__elastic__"
    const { adapter, warnings } = read({
      CLEARML__apiserver__apilog__adapter: "elastic",
      CLEARML__apiserver__apilog__rotation__time: '"quarterly"',
      CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__host: "fluentd.example",
      CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__port: "24225",
      [`${base}init_timout_sec`]: "30",
      [`${base}bulk_enabled`]: "false",
      [`${base}bulk_write_delay_sec`]: "2.5",
      CLEARML__hosts__elastic__apilog__hosts: '[{host: "es", port: 9201}]',
    })
    expect(adapter).toEqual({
      adapter: "elastic",
      rotation: "quarterly",
      fluentd: { host: "fluentd.example", port: 24_225, tag: null },
      elastic: {
        hosts: [{ host: "es", port: 9_201, scheme: "http" }],
        initTimeoutSeconds: 30,
        bulkEnabled: false,
        bulkWriteDelaySeconds: 2.5,
        bulkWriteTimeoutSeconds: 15,
        bulkMinItems: 100,
      },
      withVersion: false,
      setBy: [
        "CLEARML__apiserver__apilog__adapter",
        "CLEARML__apiserver__apilog__adapters__elastic__bulk_enabled",
        "CLEARML__apiserver__apilog__adapters__elastic__bulk_write_delay_sec",
        "CLEARML__apiserver__apilog__adapters__elastic__init_timout_sec",
        "CLEARML__apiserver__apilog__rotation__time",
        "CLEARML__hosts__elastic__apilog__hosts",
      ],
    })
    expect(warnings).toEqual([])
  })

  it("take Elasticsearch's host from ClearML's own variables, over the configuration", () => {
    const hosts = { CLEARML__hosts__elastic__apilog__hosts: "[{host: es, port: 9201, scheme: https}]" }
    const host = (source: Source) => read(source).adapter.elastic.hosts
    expect(host({ ...hosts, CLEARML_ELASTIC_SERVICE_HOST: "other" })).toEqual([
      { host: "other", port: 9_201, scheme: "https" },
    ])
    expect(host({ ELASTIC_SERVICE_HOST: "k8s", ELASTIC_SERVICE_PORT: "tcp://10.0.0.1:9200" })).toEqual([
      { host: "k8s", port: 9_200, scheme: "http" },
    ])
    expect(host({ TRAINS_ELASTIC_SERVICE_HOST: "t", TRAINS_ELASTIC_SERVICE_PORT: "1", ...hosts })).toEqual([
      { host: "t", port: 1, scheme: "https" },
    ])
  })

  it("have a tag that Fluentd can match, or are refused", () => {
    const tag = "CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__tag"
    expect(read({ [tag]: "acme.api-logs" }).adapter.fluentd.tag).toBe("acme.api-logs")
    for (const value of ["two words", "a..b", ".a", "ä"])
      expect(readCaptureEnvironment({ [tag]: value }, null).problems, value).toEqual([
        { name: tag, message: expect.stringContaining("with dots between them") },
      ])
  })

  it("warn of an adapter that has no host to send to", () => {
    for (const adapter of ["logging", "elastic"]) {
      const line = `CLEARML__apiserver__apilog__adapter=${adapter}`
      expect(read({ CLEARML__apiserver__apilog__adapter: adapter }).warnings).toEqual([
        `${line} has no host to send to, so nothing is sent`,
      ])
    }
  })

  it("name the variables that set the adapter, without those that it does not use", () => {
    const others = {
      CLEARML__apiserver__apilog__rotation__time: "yearly",
      CLEARML_ELASTIC_SERVICE_HOST: "es",
    }
    const setBy = (adapter: string) =>
      read({ ...others, clearml__APISERVER__apilog__adapter: adapter }).adapter.setBy
    expect(setBy("raw_log")).toEqual(["clearml__APISERVER__apilog__adapter"])
    expect(setBy("elastic")).toEqual([
      "CLEARML_ELASTIC_SERVICE_HOST",
      "CLEARML__apiserver__apilog__rotation__time",
      "clearml__APISERVER__apilog__adapter",
    ])
    expect(read(others).adapter.setBy).toEqual([])
  })

  it("say nothing when there are none", () => {
    expect(read({ PATH: "/bin", CLEARML_ELASTIC: "x" })).toEqual(emptyEnvironment)
    expect(emptyEnvironment.locks).toEqual([])
  })
})

/** Every key of ClearML's documentation, as it is printed there: with either sign, in either case, with spaces. */
const documented = `
CLEARML__APISERVER__log_calls=true
CLEARML__APISERVER__apilog__adapter=raw_log
CLEARML__apiserver__log_calls=true
CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__host=fluentd.example
CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__port=24224
CLEARML__apiserver__apilog__adapters__elastic__init_timout_sec: 60
CLEARML__apiserver__apilog__adapters__elastic__bulk_enabled: true
CLEARML__apiserver__apilog__adapters__elastic__bulk_write_delay_sec: 5
CLEARML__apiserver__apilog__adapters__elastic__bulk_write_timeout_sec: 15
CLEARML__apiserver__apilog__adapters__elastic__bulk_min_items: 100
CLEARML__apiserver__endpoints___default__log_call=true
CLEARML__apiserver__endpoints___default__log_data=true
CLEARML__apiserver__endpoints___default__log_result_data=true
CLEARML__apiserver__endpoints__workers__status_report__log_call=true
CLEARML__apiserver__endpoints__workers__status_report__log_result_data=true
CLEARML__apiserver__endpoints__workers__status_report__log_data=["queue", "tags"]
CLEARML__apiserver__apilog__log_fields__auth__enabled=true
CLEARML__apiserver__apilog__log_fields__headers__enabled=true
CLEARML__apiserver__apilog__log_fields__version__enabled=true
CLEARML__apiserver__apilog__log_fields__stats__enabled=true
CLEARML__apiserver__apilog__log_fields__result__enabled=true
CLEARML__apiserver__apilog__log_fields__data__enabled=true
CLEARML__apiserver__apilog__redact_identity=true
CLEARML__apiserver__apilog__rotation__time="monthly"`

describe("the documentation of ClearML, copied as a whole", () => {
  const lines = documented.trim().split("\n")

  it("is understood as variables and as a file, in the same way", () => {
    const pairs = lines.map(line => /^(\w+)(?:=|: )(.*)$/.exec(line))
    const byVariables = read(Object.fromEntries(pairs.map(pair => [pair?.[1], pair?.[2] ?? ""])))
    const byFile = read({}, documented)
    for (const { policy, adapter, warnings } of [byVariables, byFile]) {
      expect(policy).toMatchObject({
        enabled: true,
        redactIdentity: true,
        default: { call: true, data: true, resultData: true },
        categories: { auth: true, headers: true, version: true, stats: true, result: true, data: true },
      })
      expect(policy.rules).toHaveLength(1)
      expect(adapter).toMatchObject({
        adapter: "raw_log",
        rotation: "monthly",
        fluentd: { host: "fluentd.example" },
      })
      expect(adapter.withVersion).toBe(true)
      expect(warnings).toEqual([])
    }
  })

  it("has a lock for every key that is part of a policy", () => {
    const { locks } = read({}, documented)
    expect(new Set(locks.map(({ pointer }) => pointer)).size).toBe(13)
  })
})

describe("the page about deployment", () => {
  const page = readFileSync("docs/deployment.md", "utf8")

  it("has lines that are understood", () => {
    const lines = page.match(/^CLEARML__.*$/gm) ?? []
    expect(lines.length).toBeGreaterThan(3)
    expect(read({}, lines.join("\n")).warnings).toEqual([])
  })

  it("has a template for Helm whose variables record calls", () => {
    const [, template = ""] = /```yaml\n# templates([\s\S]*?)```/.exec(page) ?? []
    const pairs = [...template.matchAll(/- name: (\S+)\n\s+value: "?([^"\n]+)"?/g)].map(([, name, text]) => [
      name,
      text,
    ])
    expect(pairs).toHaveLength(2)
    const { policy, adapter } = read(Object.fromEntries(pairs))
    expect(policy.enabled).toBe(true)
    expect(adapter.adapter).toBe("raw_log")
  })
})

describe("values", () => {
  it.each(["true", "TRUE", "yes", "Yes", "on", "1", '"true"', " true "])("%j is true", text => {
    expect(read({ [calls]: text }).policy.enabled).toBe(true)
  })

  it.each(["false", "False", "no", "OFF", "0", '"off"'])("%j is false", text => {
    expect(read({ [calls]: text }).policy.enabled).toBe(false)
  })

  it.each(["", "  ", "null"])("%j is not set", text => {
    expect(read({ [calls]: text })).toEqual(emptyEnvironment)
  })

  it.each([
    [calls, "maybe"],
    [calls, "2"],
    [calls, '["a"]'],
    [calls, "[1"],
    [calls, "true, false"],
    [calls, "${HOME}"],
    ["CLEARML__apiserver__apilog__adapter", "stdout"],
    ["CLEARML__apiserver__apilog__rotation__time", "weekly"],
    ["CLEARML__apiserver__endpoints__users__get_all__log_call", '["a"]'],
    ["CLEARML__apiserver__endpoints__users__get_all__log_data", "[]"],
    ["CLEARML__apiserver__endpoints__users__get_all__log_data", "queue"],
    ["CLEARML__apiserver__endpoints__users__get_all__log_data", "['queue']"],
    ["CLEARML__apiserver__endpoints__users__get_all__log_data", '["a..b"]'],
    ["CLEARML__apiserver__endpoints___default__log_result_data", "{a: 1}["],
    ["CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__port", "0"],
    ["CLEARML__apiserver__apilog__adapters__logging__handler__kwargs__port", "65536"],
    ["CLEARML__apiserver__apilog__adapters__elastic__bulk_min_items", "1.5"],
    ["CLEARML__apiserver__apilog__adapters__elastic__bulk_write_delay_sec", "-1"],
    ["CLEARML__hosts__elastic__apilog__hosts", "[es]"],
  ])("a bad value of a known key is refused, and the variable is named: %s=%s", (variable, text) => {
    expect(problemsOf({ [variable]: text })).toEqual([expect.stringContaining(`${variable}: `)])
  })

  it("are refused all at once", () => {
    const problems = problemsOf({ [calls]: "perhaps", CLEARML__apiserver__apilog__adapter: "tape" })
    expect(problems).toEqual([
      'CLEARML__apiserver__apilog__adapter: "tape" does not fit; expected one of raw_log, logging, elastic',
      `${calls}: "perhaps" does not fit; expected true or false`,
    ])
  })
})

describe("names", () => {
  it("of two spellings with one value are fine, and with two values are both named", () => {
    const other = "CLEARML__APISERVER__LOG_CALLS"
    expect(read({ [calls]: "true", [other]: "yes" }).policy.enabled).toBe(true)
    const [problem, ...more] = problemsOf({ [calls]: "true", [other]: "false" })
    expect(problem).toContain(calls)
    expect(problem).toContain(other)
    expect(more).toEqual([])
    const elastic = "CLEARML__apiserver__apilog__adapters__elastic__"
    expect(
      problemsOf({ [`${elastic}init_timout_sec`]: "1", [`${elastic}init_timeout_sec`]: "2" }),
    ).toHaveLength(1)
    const endpoints = "CLEARML__apiserver__endpoints__"
    expect(
      problemsOf({ [`${endpoints}default__log_call`]: "1", [`${endpoints}_default__log_call`]: "0" }),
    ).toHaveLength(1)
    expect(
      problemsOf({
        CLEARML__apiserver__apilog: "{adapter: raw_log}",
        CLEARML__apiserver__apilog__adapter: "elastic",
      }),
    ).toHaveLength(1)
  })

  it("beginning with TRAINS lose against CLEARML, and count without it", () => {
    const trains = "TRAINS__apiserver__log_calls"
    expect(read({ [trains]: "true" }).locks[0]?.variable).toBe(trains)
    const both = read({ [trains]: "true", [calls]: "false" })
    expect(both.policy.enabled).toBe(false)
    expect(both.locks[0]?.variable).toBe(calls)
    expect(read({ [trains]: "true", [calls]: "null" }).policy.enabled).toBe(true)
  })

  it.each([
    ["CLEARML__apiserver__apilog__adaptor", "CLEARML__apiserver__apilog__adapter"],
    [
      "CLEARML__apiserver__apilog__log_field__auth__enabled",
      "CLEARML__apiserver__apilog__log_fields__auth__enabled",
    ],
    ["CLEARML__apiserver__log_call", "CLEARML__apiserver__log_calls"],
    ["CLEARML__apiserver__endpoint__users__get_all__log_call", "CLEARML__apiserver__endpoint"],
    [
      "CLEARML__apiserver__endpoints__users__get_all__log_dat",
      "CLEARML__apiserver__endpoints__users__get_all__log_data",
    ],
    ["CLEARML__apiserver__endpoints__log_call", "CLEARML__apiserver__endpoints"],
    ["CLEARML__hosts__elastic__apilog__host", "CLEARML__hosts__elastic__apilog__hosts"],
  ])("that are not known are told with the nearest one: %s", (variable, near) => {
    const { warnings, locks } = read({ [variable]: "true" })
    expect(warnings).toEqual([expect.stringContaining(near)])
    expect(warnings[0]).toContain(variable)
    expect(locks).toEqual([])
  })

  it("that are ClearML's own are passed over, whatever their values are", () => {
    const own = {
      CLEARML__secure__credentials__apiserver__user_secret: "${not hocon",
      CLEARML__apiserver__auth__fixed_users: "[{username: x, password: y}]",
      CLEARML__hosts__mongo__backend__host: "mongo",
      CLEARML__apiserver__cookies__max_age: "oops [",
      CLEARML_CONFIG_DIR: "/opt",
    }
    expect(read(own)).toEqual(emptyEnvironment)
  })

  it("are split at two underscores from the left, and lower-cased", () => {
    expect(pathOfVariable("CLEARML__apiserver__endpoints___default__log_call")).toEqual([
      "apiserver",
      "endpoints",
      "_default",
      "log_call",
    ])
    expect(pathOfVariable("TRAINS__A__B___C")).toEqual(["a", "b", "_c"])
    expect(pathOfVariable("CLEARML_apiserver__x")).toBeNull()
    expect(pathOfVariable("XCLEARML__apiserver")).toBeNull()
  })
})

describe("a configuration file", () => {
  const conf = `
    log_calls: true
    auth { fixed_users { enabled: true } }
    apilog {
      log_fields { headers.enabled = yes }
      adapters.elastic { bulk_min_items: 10 }
    }
    endpoints {
      _default { log_call: true, log_data: false }
      users { Get_all { log_data: [id, "name"] } }
      "auth.login" { log_call: false }
    }`

  it("sets the same keys, with or without the name of the section around them", () => {
    const { policy, adapter, locks, warnings } = read({}, conf)
    expect(policy).toEqual({
      enabled: true,
      ownCalls: true,
      default: { call: true, data: false },
      categories: { headers: true },
      rules: [
        { name: "auth.login", when: { endpoints: ["auth.login"] }, then: { call: false } },
        { name: "users.Get_all", when: { endpoints: ["users.Get_all"] }, then: { data: ["id", "name"] } },
      ],
    })
    expect(adapter.elastic.bulkMinItems).toBe(10)
    expect(warnings).toEqual([])
    expect(locks[0]).toEqual({
      pointer: "/enabled",
      variable: "CAPTURE_FILE",
      line: "apiserver.conf line 2: log_calls",
    })
    expect(read({}, `apiserver {${conf}}`).policy).toEqual(policy)
  })

  it("is weaker than the environment", () => {
    const { policy, locks } = read(
      { [calls]: "false", TRAINS__apiserver__endpoints__auth__login__log_call: "true" },
      conf,
    )
    expect(policy.enabled).toBe(false)
    expect(locks[0]?.variable).toBe(calls)
    expect(policy.rules[0]?.then).toEqual({ call: true })
  })

  it("may be lines copied from an environment, printed with either sign", () => {
    const lines = `${calls}=true\nCLEARML__apiserver__apilog__adapters__elastic__init_timout_sec: 61 # seconds\nTRAINS__apiserver__log_calls=false`
    const { policy, adapter } = read({}, lines)
    expect(policy.enabled).toBe(true)
    expect(adapter.elastic.initTimeoutSeconds).toBe(61)
  })

  it("is refused with the line", () => {
    expect(problemsOf({}, 'log_calls: true\napilog {\n  include "x"\n}')).toEqual([
      "CAPTURE_FILE: apiserver.conf line 3: include is not supported",
    ])
    expect(problemsOf({}, "\nlog_calls: often")).toEqual([
      'CAPTURE_FILE: apiserver.conf line 2: log_calls: "often" does not fit; expected true or false',
    ])
    expect(problemsOf({}, "endpoints.default.log_call: 1\nendpoints._default.log_call: 0")).toEqual([
      expect.stringMatching(/line 2.*line 1/),
    ])
    expect(problemsOf({}, 'endpoints { "workers.*" { log_call: false } }')).toEqual([
      expect.stringContaining("workers.*"),
    ])
  })

  it("gives its lines in warnings", () => {
    expect(read({}, "a: 1\napilog.adaptor: x").warnings).toEqual([
      expect.stringContaining("apiserver.conf line 2"),
    ])
  })

  it("has no more endpoints than a policy has rules", () => {
    const many = Array.from({ length: 201 }, (_, index) => `endpoints.s.a${index}.log_call: false`)
    expect(problemsOf({}, many.slice(1).join("\n"))).toEqual([])
    expect(problemsOf({}, many.join("\n"))).toEqual([expect.stringContaining("200")])
  })
})
