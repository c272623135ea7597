import { z } from "zod"
import { fileSink } from "./file-segments"
import { SinkError, type SinkKind } from "./sink"

const mebibyte = 1024 * 1024

const settings = z.strictObject({
  rotateMiB: z.int().min(1).max(1024).default(100),
  daily: z.boolean().default(true),
  keep: z.int().min(1).max(10_000).default(30),
  gzip: z.boolean().default(true),
})

/** Lines of JSON in files of the server, for collectors that read files, and for copies without a network. */
export const file: SinkKind<z.output<typeof settings>> = {
  name: "file",
  label: "Files on the server",
  summary:
    "Writes lines of JSON to files in the data directory of the server, which begin anew by size and by day.",
  settings,
  fields: [
    {
      name: "rotateMiB",
      label: "Largest file (MiB)",
      input: "number",
      initial: 100,
      help: "A new file begins before this size is exceeded.",
    },
    { name: "daily", label: "A new file each day (UTC)", input: "switch", initial: true },
    { name: "gzip", label: "Compress finished files", input: "switch", initial: true },
    {
      name: "keep",
      label: "Finished files to keep",
      input: "number",
      initial: 30,
      help: "The oldest ones beyond that are deleted. The log itself is not affected.",
    },
  ],
  credentials: [],
  reach: "server",
  order: "strict",
  proof: "The lines are on the disk: the file was synchronised (fsync) after the batch.",
  formats: ["auditorium", "clearml", "ucp", "cloudevents"],
  boundTo: () => null,
  check: () => [],
  batching: () => ({ mostEvents: 1_000, mostBytes: 8 * mebibyte, least: 1, longestWaitMs: 0 }),
  open: async ({ settings: { rotateMiB, ...rotation }, directory }) => {
    if (directory === null) throw new SinkError("configuration", "This sink was given no folder to write to.")
    return fileSink(directory, { ...rotation, mostBytes: rotateMiB * mebibyte })
  },
}
