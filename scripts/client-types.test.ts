import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { describeApi } from "@/lib/operations/openapi/openapi"
import { clientTypes, clientTypesFile } from "./client-types"

it("the committed types of the client are those of the API's description; npx tsx scripts/client-types.ts writes them", () => {
  expect(readFileSync(clientTypesFile, "utf8")).toBe(clientTypes(describeApi("")))
})

it("every schema of the description has a type, and every call that answers JSON is there", () => {
  const written = clientTypes({
    paths: {
      "/a/{id}": {
        get: {
          summary: "Reads.",
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
          responses: {
            200: { content: { "application/json": { schema: { $ref: "#/components/schemas/A" } } } },
            404: { content: { "application/problem+json": { schema: {} } } },
          },
        },
        delete: { summary: "None.", responses: { 204: {} } },
      },
    },
    components: {
      schemas: {
        A: {
          description: "An A.",
          type: "object",
          properties: {
            "a-b": { anyOf: [{ type: "array", items: { enum: ["x", "y"] } }, { type: "null" }] },
            any: {},
            map: { type: "object", additionalProperties: { type: "integer" } },
          },
          required: ["any"],
        },
        B: { type: ["string", "null"] },
      },
    },
  })
  expect(written).toContain(`/** An A. */
export interface A {
  readonly "a-b"?: readonly ("x" | "y")[] | null
  readonly any: unknown
  readonly map?: Readonly<Record<string, number>>
}`)
  expect(written).toContain("export type B = string | null")
  expect(written).toContain(`  /** Reads. */
  readonly "GET /a/{id}": {
    readonly input: {
      readonly path: {
        readonly id: string
      }
    }
    readonly answer: A
  }`)
  expect(written).not.toContain("DELETE")
})
