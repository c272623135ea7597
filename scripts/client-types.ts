// Writes the types of the client from the description of the API: npx tsx scripts/client-types.ts
import { writeFileSync } from "node:fs"
import path from "node:path"
import { describeApi } from "@/lib/operations/openapi/openapi"

/** Where the types are; a test compares the file with what this script would write. */
export const clientTypesFile = path.resolve(import.meta.dirname, "../sdk/src/client/generated/api.ts")

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>
interface Parameter {
  readonly name: string
  readonly in: "path" | "query" | "header"
  readonly description?: string
  readonly required?: boolean
  readonly schema: Schema
}
interface Described {
  readonly summary: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}
interface Api {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** Returns the module: an interface or type for each schema, and `Calls` with the input and the answer of each endpoint. */
export function clientTypes(description: unknown): string {
  // As it is served: members that JSON cannot express are absent.
  const api: Api = JSON.parse(JSON.stringify(description))
  const schemas = Object.entries(api.components.schemas).sort(([one], [other]) => (one < other ? -1 : 1))
  return [
    "// Written by scripts/client-types.ts from the description of the API. Change that, and run it again.",
    ...schemas.map(([name, schema]) => declared(name, schema)),
    `/** What each endpoint takes and answers, by its method and path. */\nexport interface Calls ${calls(api)}`,
    "",
  ].join("\n\n")
}

function declared(name: string, schema: Schema): string {
  const type = typeOf(schema, "")
  const isInterface = schema.properties !== undefined
  return `${comment(schema.description, "")}export ${isInterface ? `interface ${name} ${type}` : `type ${name} = ${type}`}`
}

function calls(api: Api): string {
  const members = Object.entries(api.paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, described]) => {
      const answer = answerOf(described)
      if (answer === null) return []
      const call = `{\n    readonly input: ${inputOf(described)}\n    readonly answer: ${answer}\n  }`
      return [`${comment(described.summary, "  ")}  readonly "${method.toUpperCase()} ${template}": ${call}`]
    }),
  )
  return `{\n${members.join("\n")}\n}`
}

function inputOf({ parameters = [], requestBody }: Described): string {
  const body = requestBody?.content["application/json"]?.schema
  const members = [
    ...parametersOf(parameters, "path"),
    ...parametersOf(parameters, "query"),
    ...(body ? [`      readonly body: ${typeOf(body, "      ")}`] : []),
  ]
  return members.length === 0 ? "Readonly<Record<string, never>>" : `{\n${members.join("\n")}\n    }`
}

function parametersOf(parameters: readonly Parameter[], place: "path" | "query"): readonly string[] {
  const given = parameters.filter(parameter => parameter.in === place)
  if (given.length === 0) return []
  const isOptional = given.every(({ required }) => !required)
  const properties = Object.fromEntries(
    given.map(({ name, description, schema }) => [name, { ...schema, description }]),
  )
  const required = given.filter(parameter => parameter.required).map(({ name }) => name)
  const type = typeOf({ type: "object", properties, required, additionalProperties: false }, "      ")
  return [`      readonly ${place}${isOptional ? "?" : ""}: ${type}`]
}

/** Returns the type of the JSON answers of an endpoint; null when it answers with something else. */
function answerOf({ responses }: Described): string | null {
  const types = Object.entries(responses).flatMap(([status, { content }]) => {
    const schema = status.startsWith("2") ? content?.["application/json"]?.schema : undefined
    return schema ? [typeOf(schema, "    ")] : []
  })
  return types.length === 0 ? null : union(types)
}

/** Conditions beside a type, such as "either of these members", narrow values that a type cannot. */
function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return union(schema.enum.map(value => JSON.stringify(value)))
  if (typeof schema.type === "string") return typeNamed(schema.type, schema, indent)
  if (schema.type !== undefined) return union(schema.type.map(name => typeNamed(name, schema, indent)))
  const alternatives = schema.anyOf ?? schema.oneOf
  return alternatives ? union(alternatives.map(each => typeOf(each, indent))) : "unknown"
}

function typeNamed(name: string, schema: Schema, indent: string): string {
  if (name === "integer" || name === "number") return "number"
  if (name === "array") return listOf(schema.items ?? {}, indent)
  return name === "object" ? objectOf(schema, indent) : name
}

function listOf(item: Schema, indent: string): string {
  const type = typeOf(item, indent)
  const isPlain = item.$ref !== undefined || item.properties !== undefined || !type.includes(" ")
  return `readonly ${isPlain ? type : `(${type})`}[]`
}

function objectOf({ properties, required = [], additionalProperties }: Schema, indent: string): string {
  if (properties === undefined) {
    const value = typeof additionalProperties === "object" ? typeOf(additionalProperties, indent) : "unknown"
    return `Readonly<Record<string, ${value}>>`
  }
  const inner = `${indent}  `
  const members = Object.entries(properties).map(([name, schema]) => {
    const key = /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)
    const mark = required.includes(name) ? "" : "?"
    return `${comment(schema.description, inner)}${inner}readonly ${key}${mark}: ${typeOf(schema, inner)}`
  })
  return `{\n${members.join("\n")}\n${indent}}`
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(" | ")
}

function comment(description: string | undefined, indent: string): string {
  return description === undefined ? "" : `${indent}/** ${description.replaceAll("*/", "* /")} */\n`
}

if (process.argv[1] === import.meta.filename) writeFileSync(clientTypesFile, clientTypes(describeApi("")))
