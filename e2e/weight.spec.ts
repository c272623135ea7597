import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { firstLoad } from "@/scripts/first-load.mjs"
import { expect, test } from "./fixtures"

/** What a browser loads before anything is clicked, in bytes of gzip. */
const budgetBytes = 200_000
const root = path.resolve(import.meta.dirname, "..")
const staticFolder = path.join(root, ".next/static")
const dataDirectory = process.env.E2E_DATA_DIR ?? path.join(root, ".data")

test("the log page loads no more JavaScript than its budget before anything is clicked", async ({
  as,
  baseURL,
}) => {
  const page = await as("administrator")
  const cookies = await page.context().cookies()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ")
  const address = new URL("/acme/admin/audit-logs", baseURL).href
  const { gzipBytes, scripts } = await firstLoad(address, { cookie })
  console.log(
    `    first load of the log page: ${(gzipBytes / 1000).toFixed(1)} kB in ${scripts.length} scripts`,
  )
  expect(scripts.length).toBeGreaterThan(0)
  expect(gzipBytes).toBeLessThan(budgetBytes)
})

test("nothing that browsers can fetch holds a source map, a secret or the name of one", async ({
  request,
}) => {
  const files = readdirSync(staticFolder, { recursive: true, encoding: "utf8" })
  const scripts = files.filter(file => file.endsWith(".js"))
  expect(scripts.length).toBeGreaterThan(5)
  expect(files.filter(file => file.endsWith(".map"))).toEqual([])
  const secrets = secretsOf(dataDirectory)
  expect(secrets.length).toBeGreaterThan(0)
  for (const file of scripts) {
    const text = readFileSync(path.join(staticFolder, file), "utf8")
    expect(text, file).not.toMatch(/sourceMappingURL|DATABASE_(OWNER_)?URL|passwordHash|postgres(ql)?:\/\//)
    for (const secret of secrets) expect(text.includes(secret), file).toBe(false)
  }
  const [first = ""] = scripts
  expect((await request.get(`/_next/static/${first}.map`)).status()).toBe(404)
})

/** What the installation under test stores. */
function secretsOf(folder: string): readonly string[] {
  const files = ["secret", "postgres-passwords.json"].map(name => path.join(folder, name))
  const texts = files.filter(file => existsSync(file)).map(file => readFileSync(file, "utf8"))
  return texts.flatMap(text => text.match(/[\w-]{20,}/g) ?? [])
}
