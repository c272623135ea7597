// @ts-check
// How the project's own commands are started: as the build has written them, which takes a fraction of the time that compiling them
// at each start does. Only where somebody edits, or nothing is built, they are compiled.
import * as fs from "node:fs"
import * as path from "node:path"

/** Where the build writes the commands, one level below the project, as scripts/ is. */
export const commandsFolder = "dist"

/**
 * Returns the arguments of node for a command.
 * @param {string} root
 * @param {string} name of the file in scripts/, without its ending
 * @param {{ readonly development?: boolean }} [options]
 * @returns {readonly string[]}
 */
export function commandArguments(root, name, { development = false } = {}) {
  const built = path.join(commandsFolder, `${name}.mjs`)
  return !development && fs.existsSync(path.join(root, built))
    ? [built]
    : ["--import", "tsx", `scripts/${name}.ts`]
}
