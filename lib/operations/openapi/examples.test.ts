import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { AppError, type ErrorCode } from "@/lib/errors"
import { describeProblem } from "@/lib/http/problem"
import { addressTooLong, headersTooLarge } from "@/scripts/launcher/request-size.mjs"
import { describeApi } from "./openapi"
import { endpointExamples } from "./openapi-examples"

// As it is served: members that JSON cannot express are absent.
const api: Api = JSON.parse(JSON.stringify(describeApi("https://audit.example.com")))

interface Body {
  readonly schema: object
  readonly examples?: Readonly<Record<string, { readonly $ref?: string; readonly value?: unknown }>>
}
interface Described {
  readonly operationId: string
  readonly requestBody?: { readonly content: Readonly<Record<string, Body>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Body>> }>>
}
interface Api {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly examples: Readonly<Record<string, { readonly value: Problem }>> }
}
interface Problem {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[]
}

const operations = Object.values(api.paths).flatMap(methods => Object.values(methods))

/** Every body of the description, with a name for messages. */
const bodies = operations.flatMap(({ operationId, requestBody, responses }) => [
  ...Object.entries(requestBody?.content ?? {}).map(([type, body]) => ({
    ...{ place: `${operationId}, request, ${type}`, type, body },
  })),
  ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
    Object.entries(content).map(([type, body]) => ({
      ...{ place: `${operationId}, ${status}, ${type}`, type, body },
    })),
  ),
])

const validator = new Ajv2020({ strict: false, allErrors: true })
validator.addFormat("uuid", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
validator.addFormat("base64", /^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/)
validator.addFormat("date-time", /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/)
validator.addSchema({ $id: "served", ...api })

const validators = new Map<string, ReturnType<typeof validator.compile>>()

function faultsOf(schema: object, value: unknown): readonly unknown[] {
  // Within the document a reference begins at its root.
  const text = JSON.stringify(schema).replaceAll('"#/', '"served#/')
  const validate = validators.get(text) ?? validator.compile(JSON.parse(text))
  validators.set(text, validate)
  return validate(value) ? [] : (validate.errors ?? [])
}

function examplesOf({ examples = {} }: Body): readonly (readonly [string, unknown])[] {
  return Object.entries(examples).map(([name, { $ref, value }]) => {
    if ($ref === undefined) return [name, value]
    const code = $ref.replace("#/components/examples/", "")
    return [name, api.components.examples[code]?.value]
  })
}

describe("the examples of the API's description", () => {
  it("are there for every body that is sent and every answer, refusals included", () => {
    expect(bodies.length).toBeGreaterThan(300)
    expect(bodies.filter(({ body }) => examplesOf(body).length === 0).map(({ place }) => place)).toEqual([])
    const known = new Set(operations.map(({ operationId }) => operationId))
    expect(Object.keys(endpointExamples).filter(id => !known.has(id))).toEqual([])
  })

  it("are valid by the schemas beside them, and no property of them is misspelled", () => {
    for (const { place, body } of bodies) {
      for (const [name, value] of examplesOf(body)) {
        expect(value, `${place}, ${name}`).toBeDefined()
        expect(faultsOf(body.schema, value), `${place}, ${name}`).toEqual([])
      }
    }
  })

  it("would be found when they were not: a changed one is invalid", () => {
    const [{ body } = { body: { schema: {} } }] = bodies.filter(({ place }) =>
      place.startsWith("describeKey, 200"),
    )
    const [[, value] = []] = examplesOf(body)
    expect(faultsOf(body.schema, { ...Object(value), permissions: ["LOG-EVERYTHING"] })).not.toEqual([])
    expect(faultsOf(body.schema, { ...Object(value), more: 1 })).not.toEqual([])
  })

  it("of problems have the status of their answer, and say what the API itself would", () => {
    const atServer = new Map([addressTooLong, headersTooLarge].map(each => [each.code, each]))
    for (const [code, { value }] of Object.entries(api.components.examples)) {
      const { status, title, detail, requestId, errors = [] } = value
      const refusal = atServer.get(code)
      if (refusal) expect({ code, status, title, detail }).toEqual({ ...refusal })
      if (refusal || code === "request-timeout") continue
      const faults = errors.map(({ pointer, detail: message }) => ({ pointer, message }))
      expect(value).toEqual(describeProblem(new AppError(code as ErrorCode, detail, { faults }), requestId))
    }
    for (const { place, type, body } of bodies) {
      if (type !== "application/problem+json") continue
      for (const [, value] of examplesOf(body)) expect(place).toContain(`, ${Object(value).status}, `)
    }
  })
})
