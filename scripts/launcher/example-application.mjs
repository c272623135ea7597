// @ts-check
// An application of somebody else, for the commands of the docs and the tests of the SDK.
import * as fs from "node:fs"
import * as path from "node:path"

const frameworks = ["express", "fastify", "hono", "@hono/node-server", "next", "react", "react-dom", "@types"]

/**
 * Returns an application folder with nothing of its own that finds the frameworks.
 * @param {string} root of this project, whose packages they are
 * @param {string} folder
 */
export function makeExampleApplication(root, folder) {
  const application = path.join(folder, "application")
  fs.mkdirSync(application, { recursive: true })
  fs.writeFileSync(path.join(application, "package.json"), '{"type":"module","private":true}')
  // Above it: what npm finds beside its own packages it removes.
  for (const name of frameworks) {
    const place = path.join(folder, "node_modules", name)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    fs.symlinkSync(path.join(root, "node_modules", name), place)
  }
  return application
}
