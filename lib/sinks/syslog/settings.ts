import { z } from "zod"
import type { SettingField } from "@/lib/sinks/sink"
import { targetFields, targetSettings } from "@/lib/sinks/target"

/** The numbers of RFC 5424. */
export const facilities = {
  "log-audit": 13,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const

const facilityNames = [
  ...["local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"],
  "log-audit",
] as (keyof typeof facilities)[]

/** What rsyslog takes as it comes; it cuts the rest off without a word. */
const standardMessageBytes = 8192
const standardPort = 6514
const printable = "must be printable ASCII without spaces"

export const syslogSettings = z.strictObject({
  ...targetSettings(standardPort),
  facility: z.enum(facilityNames).default("local5"),
  hostname: z
    .string()
    .regex(/^[!-~]{0,255}$/, printable)
    .default(""),
  appName: z
    .string()
    .regex(/^[!-~]{1,48}$/, printable)
    .default("auditorium"),
  message: z.enum(["json", "cef"]).default("json"),
  byteOrderMark: z.boolean().default(true),
  messageBytes: z
    .int()
    .min(480)
    .max(1024 * 1024)
    .default(standardMessageBytes),
  batchEvents: z.int().min(1).max(10_000).default(500),
  closeSeconds: z.int().min(1).max(120).default(30),
})

export type SyslogSettings = z.output<typeof syslogSettings>

export const syslogFields: readonly SettingField[] = [
  ...targetFields(standardPort, "syslog.example.com"),
  {
    name: "facility",
    label: "Facility",
    input: "choice",
    choices: facilityNames.map(name => ({ value: name, label: name })),
    initial: "local5",
  },
  {
    name: "hostname",
    label: "Host name in the messages",
    help: "Empty: the short name of the organization.",
    input: "text",
    initial: "",
  },
  { name: "appName", label: "App name in the messages", input: "text", initial: "auditorium" },
  {
    name: "message",
    label: "Message",
    input: "choice",
    choices: [
      { value: "json", label: "JSON in the format of the sink" },
      { value: "cef", label: "CEF (ArcSight and others)" },
    ],
    initial: "json",
  },
  {
    name: "byteOrderMark",
    label: "Byte order mark before JSON",
    help: "RFC 5424 asks for it before UTF-8. Some readers of JSON do not expect it.",
    input: "switch",
    initial: true,
  },
  {
    name: "messageBytes",
    label: "Largest message, in bytes",
    help: "Not more than the receiver takes: rsyslog cuts at maxMessageSize, 8192 unless it is raised, and says nothing. Larger events are refused here.",
    input: "number",
    initial: standardMessageBytes,
  },
  { name: "batchEvents", label: "Most events at once", input: "number", initial: 500 },
  {
    name: "closeSeconds",
    label: "Seconds to wait until the receiver has read everything",
    input: "number",
    initial: 30,
  },
]
