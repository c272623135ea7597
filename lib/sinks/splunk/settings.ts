import { z } from "zod"
import { authority, authorityField, baseUrl, headerFault, printable } from "@/lib/sinks/settings"
import type { CredentialField, SettingField } from "@/lib/sinks/sink"

export const splunkSettings = z.strictObject({
  url: baseUrl,
  /** Null and absent: what the token says. */
  index: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,79}$/, "must be lower-case letters, digits, underscores and dashes")
    .optional(),
  source: printable(200).optional(),
  sourcetype: printable(200).default("_json"),
  host: printable(200).optional(),
  /** Whether the token has indexer acknowledgment. */
  acknowledgment: z.boolean().default(false),
  ca: authority.optional(),
})

export type SplunkSettings = z.output<typeof splunkSettings>

export const splunkFields: readonly SettingField[] = [
  {
    name: "url",
    label: "Address",
    help: "Of the HTTP Event Collector, with the port. The path is added.",
    input: "url",
    placeholder: "https://splunk.example.com:8088",
  },
  {
    name: "index",
    label: "Index",
    help: "Empty: the index of the token.",
    input: "text",
    placeholder: "audit",
  },
  { name: "sourcetype", label: "Source type", input: "text", initial: "_json" },
  { name: "source", label: "Source", help: "Empty: the source of the token.", input: "text" },
  { name: "host", label: "Host", help: "Empty: the host that Splunk sees.", input: "text" },
  {
    name: "acknowledgment",
    label: "Indexer acknowledgment",
    help: "On: an event counts as delivered when Splunk has indexed it. The token must have it too.",
    input: "switch",
    initial: false,
  },
  authorityField,
]

export const splunkCredentials: readonly CredentialField[] = [
  {
    name: "token",
    label: "Token",
    required: true,
    fault: value => headerFault(value) ?? (/\s/.test(value) ? "may not contain a space" : null),
  },
]
