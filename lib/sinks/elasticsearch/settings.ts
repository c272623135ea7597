import { Buffer } from "node:buffer"
import { z } from "zod"
import { authority, authorityField, baseUrl, headerFault, textFault } from "@/lib/sinks/settings"
import type { CredentialField, SettingField } from "@/lib/sinks/sink"
import { suffixSetting } from "@/lib/sinks/suffix"

const longestIndex = 200
const seconds = z.number().min(0).max(86_400)

export const elasticsearchSettings = z.strictObject({
  url: baseUrl,
  /** Further nodes of the same cluster, tried in turn when one cannot be reached. */
  otherUrls: z.array(baseUrl).max(9).default([]),
  /** An index, an alias or a data stream. */
  index: z
    .string()
    .min(1)
    .refine(text => Buffer.byteLength(text) <= longestIndex, `must have at most ${longestIndex} bytes`)
    .superRefine((text, context) => {
      const message = indexFault(text)
      if (message !== null) context.addIssue({ code: "custom", message })
    }),
  suffix: suffixSetting,
  // The five settings of ClearML's adapter, with its standard values.
  initTimeoutSeconds: seconds.default(60),
  bulkEnabled: z.boolean().default(true),
  bulkWriteDelaySeconds: seconds.default(5),
  bulkWriteTimeoutSeconds: seconds.default(15),
  bulkMinItems: z.number().int().min(1).max(100_000).default(100),
  ca: authority.optional(),
})

export type ElasticsearchSettings = z.output<typeof elasticsearchSettings>

/** Returns why Elasticsearch would not take the name of an index, or it would be one of its own; null when it fits. */
function indexFault(name: string): string | null {
  if (name !== name.toLowerCase()) return "may not have capital letters: Elasticsearch refuses them"
  if (/[\p{Cc}\p{Cs}\s\\/*?"<>|,#:]/u.test(name))
    return 'may not contain a space or any of \\ / * ? " < > | , # :'
  if (/^[-_+.]/.test(name)) return "may not begin with a dash, an underscore, a plus sign or a dot"
  return null
}

export const elasticsearchFields: readonly SettingField[] = [
  {
    name: "url",
    label: "Address",
    help: "Of Elasticsearch or OpenSearch, with the port, and a path if it has one.",
    input: "url",
    placeholder: "https://elasticsearch.example.com:9200",
  },
  {
    name: "index",
    label: "Index",
    help: "An index, an alias or a data stream, in lower case.",
    input: "text",
    placeholder: "auditorium",
  },
  {
    name: "suffix",
    label: "Index by time",
    help: "By the time at which the event occurred, in UTC: an event that is sent again goes to the same index.",
    input: "choice",
    choices: [
      { value: "none", label: "One index" },
      { value: "monthly", label: "Monthly (.202501)" },
      { value: "quarterly", label: "Quarterly (.2025q1)" },
      { value: "yearly", label: "Yearly (.2025)" },
    ],
    initial: "none",
  },
  {
    name: "bulkEnabled",
    label: "Bulk writes",
    help: "Off: one request for each event.",
    input: "switch",
    initial: true,
  },
  {
    name: "bulkMinItems",
    label: "Events in a bulk write",
    help: "A bulk write begins when so many events wait.",
    input: "number",
    initial: 100,
  },
  {
    name: "bulkWriteDelaySeconds",
    label: "Longest wait (seconds)",
    help: "It begins with fewer when the oldest event has waited so long.",
    input: "number",
    initial: 5,
  },
  {
    name: "bulkWriteTimeoutSeconds",
    label: "Time for an answer (seconds)",
    input: "number",
    initial: 15,
  },
  {
    name: "initTimeoutSeconds",
    label: "Pause when the cluster cannot be reached (seconds)",
    input: "number",
    initial: 60,
  },
  authorityField,
]

export const elasticsearchCredentials: readonly CredentialField[] = [
  {
    name: "apiKey",
    label: "API key (encoded, as Elasticsearch shows it)",
    required: false,
    fault: headerFault,
  },
  {
    name: "username",
    label: "User name",
    required: false,
    fault: value => textFault(value) ?? (value.includes(":") ? "may not contain a colon" : null),
  },
  { name: "password", label: "Password", required: false, fault: textFault },
]
