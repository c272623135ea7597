import type { Json } from "./openapi-endpoint"
import { captureExamples } from "./openapi-examples-capture"
import { eventExamples } from "./openapi-examples-events"
import type { EndpointExamples, Examples } from "./openapi-examples-json"
import { sinkExamples } from "./openapi-examples-sinks"

/** The examples of every endpoint, by its id. */
export const endpointExamples: Readonly<Record<string, EndpointExamples>> = {
  ...eventExamples,
  ...captureExamples,
  ...sinkExamples,
}

/** Returns the media types of a body, each with its examples. */
export function withExamples(content: unknown, examples: Examples | undefined): Json {
  const types = Object.entries(content as Readonly<Record<string, Json>>)
  return Object.fromEntries(
    types.map(([type, described]) => {
      const values = Object.entries(examples?.[type] ?? {}).map(([name, value]) => [name, { value }])
      return [type, { ...described, ...(values.length > 0 && { examples: Object.fromEntries(values) }) }]
    }),
  )
}
