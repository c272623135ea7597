import { z } from "zod"
import { isIp } from "@/lib/outbound/host"
import { authority, authorityField, baseUrl, headerFault } from "@/lib/sinks/settings"
import type { CredentialField, SettingField } from "@/lib/sinks/sink"

export const s3Settings = z
  .strictObject({
    /** Absent: Amazon's own for the region. */
    url: baseUrl.optional(),
    region: z.string().regex(/^[a-z0-9-]{1,40}$/, "must be a region such as eu-central-1"),
    bucket: z
      .string()
      .regex(
        /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        "must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes",
      ),
    /** What the names of objects begin with, without slashes around it. Absent: `auditorium/{id of the sink}`. */
    prefix: z
      .string()
      .min(1)
      .max(300)
      .refine(isPrefix, "must be names of letters, digits and !-_.*'() with single slashes between them")
      .optional(),
    pathStyle: z.boolean().default(false),
    waitSeconds: z.number().min(0).max(3_600).default(300),
    ca: authority.optional(),
  })
  .superRefine(({ url, bucket, pathStyle }, context) => {
    if (pathStyle) return
    const isAddress = url !== undefined && isIp(new URL(url).hostname.replace(/^\[|\]$/g, ""))
    if (isAddress || bucket.includes("."))
      context.addIssue({
        code: "custom",
        path: ["pathStyle"],
        message: isAddress
          ? "must be on where the address is an IP: no name of a bucket can stand before it"
          : "must be on for a bucket with a dot: no certificate is valid for its host",
      })
  })

export type S3Settings = z.output<typeof s3Settings>

/** Characters that no store and no tool has to escape, and no name that a path would resolve. */
function isPrefix(text: string): boolean {
  return text.split("/").every(name => /^[A-Za-z0-9!\-_.*'()=]+$/.test(name) && !/^\.{1,2}$/.test(name))
}

export const s3Fields: readonly SettingField[] = [
  {
    name: "url",
    label: "Address",
    help: "Empty: Amazon S3 in the region. Otherwise the address of the store, without the bucket.",
    input: "url",
    placeholder: "https://s3.eu-central-1.amazonaws.com",
  },
  { name: "region", label: "Region", input: "text", initial: "us-east-1" },
  { name: "bucket", label: "Bucket", input: "text", placeholder: "audit-copies" },
  {
    name: "prefix",
    label: "Prefix",
    help: "What the names of objects begin with. Empty: auditorium/ and the id of the sink. Each sink needs its own.",
    input: "text",
    placeholder: "audit/production",
  },
  {
    name: "pathStyle",
    label: "Bucket in the path",
    help: "For most stores other than Amazon's.",
    input: "switch",
    initial: false,
  },
  {
    name: "waitSeconds",
    label: "Longest wait (seconds)",
    help: "An object is written with 10,000 events or 8 MiB, or when the oldest event has waited so long.",
    input: "number",
    initial: 300,
  },
  authorityField,
]

export const s3Credentials: readonly CredentialField[] = [
  { name: "accessKeyId", label: "Access key id", required: true, fault: headerFault },
  { name: "secretAccessKey", label: "Secret access key", required: true, fault: headerFault },
  { name: "sessionToken", label: "Session token", required: false, fault: headerFault },
]
