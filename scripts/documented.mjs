// @ts-check
// Where the commands in the docs are run: those about administration on a separate PostgreSQL, set up as readers do, the
// others against a running console.
import * as fs from "node:fs"
import * as path from "node:path"
import { gzipSync } from "node:zlib"
import { commandArguments } from "./launcher/commands.mjs"
import { cleanEnvironment } from "./launcher/console-under-test.mjs"
import { runDocumentedCommands } from "./launcher/documented-commands.mjs"
import { makeExampleApplication } from "./launcher/example-application.mjs"
import { run } from "./launcher/run.mjs"
import { startPostgres } from "./postgres.mjs"

/** Pages whose commands begin with an empty database, and what runs before the first of them. */
const onEmptyDatabase = /** @type {Readonly<Record<string, string>>} */ ({
  "docs/deployment.md": "",
  "docs/administration.md": "npm run migrate",
  "docs/apps-and-keys.md": "npm run migrate; npm run admin -- organization create --slug acme --name Acme",
})

const addresses = ["http://127.0.0.1:3000", "http://localhost:3000", "https://audit.example.com"]

/**
 * Returns one result for each page.
 * @param {string} root
 * @param {string} folder for what is made meanwhile
 * @param {{ readonly baseUrl: string, readonly dataDirectory: string }} console_ one with the demo organization
 */
export async function runDocumented(root, folder, { baseUrl, dataDirectory }) {
  const postgres = await startPostgres({ directory: path.join(folder, "documented") })
  try {
    const inConsole = { ...cleanEnvironment(), DATA_DIR: dataDirectory, AUDITORIUM_URL: baseUrl }
    const key = await createKey(root, inConsole)
    const files = writeExamples(folder)
    /** @type {(readonly [string | RegExp, string])[]} */
    const standsFor = [
      ...addresses.map(address => /** @type {const} */ ([address, baseUrl])),
      [/aud_(live_)?\.\.\./g, key.key],
      ...files,
      ["/path/to/your/application", makeExampleApplication(root, path.join(folder, "example"))],
    ]
    return await runDocumentedCommands(root, async page => {
      const before = onEmptyDatabase[page]
      if (before === undefined) return { env: { ...inConsole, AUDITORIUM_KEY: key.key }, standsFor }
      const env = { ...cleanEnvironment(), ...(await emptyDatabase(postgres, page)), AUDITORIUM_KEY: key.key }
      return { env, before, standsFor }
    })
  } finally {
    await postgres.stop()
  }
}

/** @param {string} root @param {NodeJS.ProcessEnv} env @returns {Promise<{ readonly key: string }>} */
async function createKey(root, env) {
  const options = ["--organization", "acme", "--app", "model-hub", "--name", "documentation"]
  const scopes = ["--scope", "LOG-INGESTION", "--scope", "LOG-MANAGEMENT", "--scope", "CAPTURE-MANAGEMENT"]
  const args = [...commandArguments(root, "admin"), "key", "create", ...options, ...scopes, "--json"]
  return JSON.parse(await run(process.execPath, args, { cwd: root, env }))
}

/**
 * Returns the files that the pages mention.
 * @param {string} folder
 * @returns {(readonly [string, string])[]}
 */
function writeExamples(folder) {
  const event = { operation: "door.open", status: "success", actor: { type: "user", id: "ada" } }
  const record = {
    eventVersion: "1.08",
    eventTime: "2026-01-31T09:30:00Z",
    eventSource: "s3.amazonaws.com",
    eventName: "CreateBucket",
    awsRegion: "eu-central-1",
    sourceIPAddress: "198.51.100.7",
    userIdentity: { type: "Root", accountId: "111122223333", arn: "arn:aws:iam::111122223333:root" },
    requestParameters: { bucketName: "invoices" },
    eventID: "0a6ad96e-4c6c-4c7c-9f5e-1c2d3e4f5a6b",
    eventType: "AwsApiCall",
    recipientAccountId: "111122223333",
  }
  const lines = [1, 2, 3].map(id => JSON.stringify({ ...event, targets: [{ type: "door", id: String(id) }] }))
  const written = {
    "events.jsonl": `${lines.join("\n")}\n`,
    "events.ndjson": `${lines.join("\n")}\n`,
    "cloudtrail-1.json.gz": gzipSync(JSON.stringify({ Records: [record] })),
  }
  for (const [name, content] of Object.entries(written)) fs.writeFileSync(path.join(folder, name), content)
  return [
    ...["events.jsonl", "events.ndjson"].map(name => /** @type {const} */ ([name, path.join(folder, name)])),
    ["cloudtrail/*.json.gz", path.join(folder, "cloudtrail-*.json.gz")],
  ]
}

/**
 * Returns the settings for the separate, empty database of a page; the application's role does not exist yet.
 * @param {{ readonly superuserUrl: string, readonly ownerUrl: string }} postgres
 * @param {string} page
 */
async function emptyDatabase({ superuserUrl, ownerUrl }, page) {
  const { default: pg } = await import("pg")
  const name = page.replaceAll(/\W/g, "_")
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  await client.query(`CREATE DATABASE ${name} OWNER auditorium_owner`)
  await client.end()
  const owner = Object.assign(new URL(ownerUrl), { pathname: `/${name}` })
  const application = Object.assign(new URL(owner), {
    username: `reader_of_${name}`,
    password: "a-long-password",
  })
  return { DATABASE_OWNER_URL: owner.href, DATABASE_URL: application.href, SECRET: "" }
}
