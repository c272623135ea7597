import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, test } from "vitest"
import { operations } from "@/lib/operations/registry"
import { describeApi, endpoints } from "./openapi"

// As serialised: values that JSON cannot express are absent.
const api = JSON.parse(JSON.stringify(describeApi("https://audit.example.com")))

function* nodes(value: unknown, place = "#"): Generator<readonly [string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return
  if (!Array.isArray(value)) yield [place, value as Record<string, unknown>]
  for (const [name, member] of Object.entries(value)) yield* nodes(member, `${place}/${name}`)
}

describe("the description of the API", () => {
  test("names every address that a file answers, and no other", () => {
    const folder = path.resolve(import.meta.dirname, "../../../app/api")
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(name =>
      /^(v1|ucp)\b.*route\.ts$/.test(name),
    )
    const answered = files.flatMap(name => {
      const address = `/api/${path
        .dirname(name)
        .split(path.sep)
        .join("/")
        .replaceAll(/\[(\w+)\]/g, "{$1}")}`
      const text = readFileSync(path.join(folder, name), "utf8")
      return [...text.matchAll(/\b(GET|POST|PUT|PATCH|DELETE): \w*route\(/g)].map(
        match => `${match[1]?.toLowerCase()} ${address}`,
      )
    })
    expect(answered.length).toBeGreaterThan(5)
    expect(endpoints.map(({ method, path: address }) => `${method} ${address}`).sort()).toEqual(
      answered.sort(),
    )
  })

  test("is written from operations of the registry, each call with a name of its own", () => {
    for (const { operation } of endpoints) expect(operations).toContain(operation)
    expect(new Set(endpoints.map(({ id }) => id)).size).toBe(endpoints.length)
  })

  test("says of every answer after which ingestion is not known to have failed that the same ids are to be sent again", () => {
    const { responses } = api.paths["/api/v1/events"].post
    for (const status of [408, 503, 504]) {
      expect([status, responses[status].description]).toEqual([
        status,
        expect.stringMatching(/unknown.*same ids/),
      ])
      expect(responses[status].headers["Retry-After"].schema.type).toBe("integer")
      expect(Object.keys(responses[status].content)).toEqual(["application/problem+json"])
    }
  })

  test("refers to nothing that is not there, and defines nothing that nobody refers to", () => {
    const referred = new Set<string>()
    for (const [place, node] of nodes(api)) {
      if (typeof node.$ref !== "string") continue
      const [, kind = "", name = ""] = /^#\/components\/(schemas|examples)\/([\w-]+)$/.exec(node.$ref) ?? []
      expect([place, name in (api.components[kind] ?? {})]).toEqual([place, true])
      referred.add(`${kind} ${name}`)
    }
    const defined = ["schemas", "examples"].flatMap(kind =>
      Object.keys(api.components[kind]).map(name => `${kind} ${name}`),
    )
    expect(defined.sort()).toEqual([...referred].sort())
  })

  test("declares the parts of each address, says what each answer is, and lists every refusal as a problem", () => {
    for (const [address, item] of Object.entries<Record<string, Described>>(api.paths)) {
      for (const { parameters = [], responses } of Object.values(item)) {
        const inAddress = [...address.matchAll(/\{(\w+)\}/g)].map(match => match[1])
        expect(parameters.filter(each => each.in === "path").map(each => each.name)).toEqual(inAddress)
        const names = parameters.map(each => `${each.in} ${each.name}`)
        expect(new Set(names).size).toBe(names.length)
        for (const [status, answer] of Object.entries(responses)) {
          expect(answer.description).not.toBe("")
          if (status === "304") continue
          const types = Object.keys(answer.content)
          if (Number(status) >= 400) expect(types).toEqual(["application/problem+json"])
        }
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(["401", "403", "429", "503"]))
        expect(Object.keys(responses).some(status => status === "200" || status === "201")).toBe(true)
      }
    }
  })

  test("is OpenAPI 3.1, with a key as the only way in", () => {
    expect(api).toMatchObject({
      openapi: "3.1.0",
      info: { title: "Auditorium", version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
      servers: [{ url: "https://audit.example.com" }],
      security: [{ apiKey: [] }],
      components: { securitySchemes: { apiKey: { type: "http", scheme: "bearer" } } },
    })
  })
})

interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>
}
