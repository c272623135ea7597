/** Examples of one body: by media type and by name. */
export type Examples = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Examples of one endpoint: what is sent, and what is answered with each status that is no refusal. */
export interface EndpointExamples {
  readonly request?: Examples
  readonly answers: Readonly<Record<number, Examples>>
}

/** Returns one example of a JSON body. */
export const jsonExample = (value: unknown): Examples => ({ "application/json": { example: value } })

/** Ids of the examples: the same thing has the same id in all of them. */
export const exampleIds = {
  organization: "0198c1f0-1a2b-7c3d-8e4f-5a6b7c8d9e0f",
  app: "0198c1f0-2b3c-7d4e-9f5a-6b7c8d9e0f1a",
  key: "0198c1f0-3c4d-7e5f-8a6b-7c8d9e0f1a2b",
  event: "0198c1f2-6f0e-7cc3-9f6e-3b8d7a1c2e4f",
  imported: "0198c1f2-7a1f-7dd4-8a7f-4c9e8b2d3f5a",
  rejected: "0198c1f2-8b20-7ee5-9b80-5daf9c3e4a6b",
  sink: "0198c1f3-4d5e-7f60-8b7c-8d9e0f1a2b3c",
  replay: "0198c1f3-5e6f-7a71-9c8d-9e0f1a2b3c4d",
  delivery: "0198c1f3-6f70-7b82-8d9e-0f1a2b3c4d5e",
  batch: "0198c1f3-7081-7c93-9eaf-1a2b3c4d5e6f",
  instance: "0198c1f4-8192-7da4-8fb0-2b3c4d5e6f70",
} as const
