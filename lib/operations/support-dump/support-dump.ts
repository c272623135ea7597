import type { Readable } from "node:stream"
import { z } from "zod"
import { AppError } from "@/lib/errors"
import { type Done, operation, type ReadContext } from "@/lib/operations/core/operation"
import { version } from "@/lib/operations/core/version"
import { type ArchiveFile, type WrittenFile, zipArchive } from "@/lib/support-dump/zip"
import { type Contents, type LeftOut, manifestText } from "./contents"
import { installationFiles, organizationFiles } from "./files"

/** A zip file that is produced while it is read. */
export interface SupportDump {
  readonly fileName: string
  readonly contentType: "application/zip"
  readonly contents: Contents
  /** The names of its files, without the manifest. */
  readonly files: readonly string[]
  readonly leftOut: readonly LeftOut[]
  /** Begins to produce it: once, and within a minute. Destroying the result ends the work. */
  readonly open: () => Readable
}

const openWithinMs = 60_000

/**
 * Creates a support dump. A command gets all of the installation, with the recorded calls of one organization. So does an
 * administrator where there is only one organization; where there are several, the dump holds their own organization's part.
 */
export const createSupportDump = operation({
  name: "support_dump.create",
  summary: "Puts together what somebody who helps needs to know, as a zip file without secrets.",
  permission: "ORGANIZATION-MANAGEMENT",
  recentProof: true,
  effect: "read",
  recorded: true,
  input: z.strictObject({}),
  run: async (context): Promise<Done<SupportDump>> => {
    const place = takePlace(context)
    try {
      const contents = await contentsFor(context)
      const ending = new AbortController()
      const own = await organizationFiles(context, ending.signal)
      const files = [...own.files, ...(contents === "installation" ? await installationFiles(context) : [])]
      const open = () => place.keepFor(archiveOf(context, { ...own, files, contents }), ending)
      const names = files.map(({ name }) => name)
      const metadata = { owasp: "sensitive_read", contents, files: names }
      return {
        value: { ...describe(context), contents, files: names, leftOut: own.leftOut, open },
        event: { targets: [], details: [inWords[contents]], metadata },
      }
    } catch (error) {
      place.leave()
      throw error
    }
  },
})

const inWords: Readonly<Record<Contents, string>> = {
  installation: "It holds the settings, the state and the log of the whole installation.",
  organization: "It holds this organization's part only.",
}

function describe({ caller, organization }: ReadContext): Pick<SupportDump, "fileName" | "contentType"> {
  const time = caller.at.toISOString().slice(0, 19).replaceAll(":", "").replace("T", "_")
  return { fileName: `support-dump_${organization.slug}_${time}.zip`, contentType: "application/zip" }
}

/** A dump reads the log as an export does, so it takes one of the places of exports. */
function takePlace({ organization, exports }: ReadContext) {
  const leave = exports.take(organization.id)
  if (typeof leave !== "function") {
    const message =
      "As many exports and support dumps are running as may run at once. Please try again in a moment."
    throw new AppError("rate-limited", message, { retryAfterSeconds: 10 })
  }
  const lapse = setTimeout(leave, openWithinMs)
  lapse.unref()
  const keepFor = (archive: Readable, ending: AbortController) => {
    clearTimeout(lapse)
    archive.once("close", () => {
      leave()
      ending.abort()
    })
    return archive
  }
  return { leave, keepFor }
}

async function contentsFor({ caller, read }: ReadContext): Promise<Contents> {
  if (caller.principal.kind === "job") return "installation"
  const sql = "SELECT count(*)::int AS count FROM organization"
  const [row] = await read(({ tx }) => tx.query<{ count: number }>(sql))
  return row?.count === 1 ? "installation" : "organization"
}

interface Parts {
  readonly files: readonly ArchiveFile[]
  readonly leftOut: readonly LeftOut[]
  readonly contents: Contents
}

function archiveOf(
  { caller: { at }, organization }: ReadContext,
  { files, leftOut, contents }: Parts,
): Readable {
  const head = { version, createdAt: at.toISOString(), organization, contents, leftOut }
  const text = (written: readonly WrittenFile[]) => manifestText(head, written)
  return zipArchive({ files, last: { name: "manifest.json", text }, at })
}
