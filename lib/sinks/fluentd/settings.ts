import { z } from "zod"
import type { CredentialField, SettingField } from "@/lib/sinks/sink"
import { suffixField, suffixSetting } from "@/lib/sinks/suffix"
import { secretFault, targetFields, targetSettings } from "@/lib/sinks/target"

const standardPort = 24_224
/** What ClearML's own adapter sends. */
const standardTag = "clearml.apiserver.api-logs"

export const fluentdSettings = z.strictObject({
  ...targetSettings(standardPort),
  tag: z
    .string()
    .regex(/^[\w-]+(?:\.[\w-]+)*$/, "must be words of letters, digits, _ and - with dots between them")
    .max(1000)
    .default(standardTag),
  suffix: suffixSetting,
  compress: z.boolean().default(false),
  username: z.string().max(256).default(""),
  /** The largest chunk: 5 MiB, less than what Fluent Bit takes as it comes. */
  chunkBytes: z
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(5 * 1024 * 1024),
  batchEvents: z.int().min(1).max(10_000).default(500),
  ackSeconds: z.int().min(1).max(120).default(30),
})

export type FluentdSettings = z.output<typeof fluentdSettings>

export const fluentdFields: readonly SettingField[] = [
  ...targetFields(standardPort, "fluentd.example.com"),
  {
    name: "tag",
    label: "Tag",
    help: "What <match> of Fluentd goes by.",
    input: "text",
    initial: standardTag,
  },
  suffixField("suffix", "Suffix of the tag", standardTag),
  { name: "compress", label: "Compress with gzip", input: "switch", initial: false },
  {
    name: "username",
    label: "User name",
    help: "Only where <security> of Fluentd has user_auth. It needs the shared key and a password.",
    input: "text",
    initial: "",
  },
  {
    name: "chunkBytes",
    label: "Largest chunk, in bytes",
    help: "Not more than chunk_size_limit of Fluentd and Buffer_Max_Size of Fluent Bit.",
    input: "number",
    initial: 5 * 1024 * 1024,
  },
  { name: "batchEvents", label: "Most events at once", input: "number", initial: 500 },
  { name: "ackSeconds", label: "Seconds to wait for an answer", input: "number", initial: 30 },
]

export const fluentdCredentials: readonly CredentialField[] = [
  { name: "sharedKey", label: "Shared key", required: false, fault: secretFault },
  { name: "password", label: "Password", required: false, fault: secretFault },
]
