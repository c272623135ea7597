import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { describe, expect, it, test } from "vitest"
import { free, lintRules, zones } from "@/scripts/import-table.mjs"

interface Import {
  readonly file: string
  /** As written. */
  readonly from: string
  /** With `./` resolved to `@/`. */
  readonly target: string
  readonly typeOnly: boolean
}

const RESTRICTED = "lint/style/noRestrictedImports"

/** A line of code in a file, and what the linter reported about it. */
interface Probe {
  readonly file: string
  readonly code: string
}

const probes = new Map<string, Probe[]>()

/** Adds a line to a file of the tree that is linted once, before the first test that reads it. */
function probe(file: string, code: string): Probe {
  const added = { file, code }
  probes.set(file, [...(probes.get(file) ?? []), added])
  return added
}

let reported: ReadonlyMap<Probe, readonly string[]> | undefined

/** Returns the rules that the real configuration reports for a line. */
function rulesAgainst(wanted: Probe): readonly string[] {
  reported ??= lintTree()
  return reported.get(wanted) ?? []
}

function lintTree(): ReadonlyMap<Probe, readonly string[]> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "imports-test-"))
  try {
    for (const name of ["biome.json", "biome.imports.json"]) fs.copyFileSync(name, path.join(root, name))
    for (const [file, lines] of probes) {
      fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
      fs.writeFileSync(path.join(root, file), lines.map(({ code }) => `${code}\n`).join(""))
    }
    const options = ["lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", "."]
    const done = spawnSync(path.resolve("node_modules/.bin/biome"), options, { cwd: root, encoding: "utf8" })
    const seen = [...done.stdout.matchAll(/title=(lint[^,]+),file=([^,]+),line=(\d+)/g)]
    const at =
      ({ file }: Probe, index: number) =>
      (match: RegExpExecArray) =>
        path.relative(fs.realpathSync(root), match[2] ?? "") === file && Number(match[3]) === index + 1
    return new Map(
      [...probes.values()].flatMap(lines =>
        lines.map((one, index) => [one, seen.filter(at(one, index)).map(match => match[1] ?? "")] as const),
      ),
    )
  } finally {
    fs.rmSync(root, { recursive: true })
  }
}

const importing = (from: string) => `import { thing } from "${from}"`
const rows = (list: readonly (readonly [string, string])[]) =>
  list.map(([file, from]) => [file, from, probe(file, importing(from))] as const)

describe("the lint rules bite", () => {
  it.each(
    rows([
      ["lib/errors.ts", "@/lib/log"],
      ["lib/env/env.ts", "@/lib/errors"],
      ["lib/log.ts", "@/lib/database/database"],
      ["lib/audit/event/probe.ts", "@/lib/database/database"],
      ["lib/audit/event/probe.ts", "@/lib/env/env"],
      ["lib/audit/event/probe.ts", "@/lib/access/permissions"],
      ["lib/audit/probe.ts", "pg"],
      ["lib/audit/probe.ts", "react"],
      ["lib/audit/probe.ts", "next/headers"],
      ["lib/audit/probe.ts", "node:process"],
      ["lib/audit/probe.ts", "node:fs"],
      ["lib/audit/capture/probe.ts", "zod"],
      ["lib/audit/capture/probe.ts", "date-fns"],
      ["lib/audit/capture/probe.ts", "@/lib/audit/query/parse"],
      ["lib/audit/capture/profiles/probe.ts", "@/lib/audit/faults"],
      ["lib/formats/probe.ts", "@/lib/database/database"],
      ["lib/stores/postgres/probe.ts", "@/lib/operations/events"],
      ["lib/stores/postgres/probe.ts", "@/lib/platform"],
      ["lib/database/probe.ts", "@/lib/access/sessions"],
      ["lib/ledger/append.ts", "@/lib/stores/postgres/store"],
      ["lib/platform.ts", "@/lib/operations/events"],
      ["lib/access/probe.ts", "@/lib/operations/events"],
      ["lib/access/probe.ts", "@/lib/platform"],
      ["lib/memory/probe.ts", "@/lib/database/database"],
      ["lib/memory/probe.ts", "@/lib/platform"],
      ["lib/access/probe.ts", "@/lib/stores/postgres/store"],
      ["lib/operations/probe.ts", "@/lib/http/run"],
      ["lib/operations/members/probe.ts", "@/lib/platform"],
      ["lib/operations/apps/probe.ts", "@/lib/platform"],
      ["lib/operations/events/probe.ts", "@/lib/platform"],
      ["lib/operations/organizations/probe.ts", "@/lib/platform"],
      ["lib/operations/sign-in/probe.ts", "@/lib/platform"],
      ["lib/operations/sign-in/probe.ts", "@/lib/http/run"],
      ["lib/operations/events/probe.ts", "@/lib/stores/postgres/store"],
      ["lib/operations/probe.ts", "@/lib/stores/postgres/store"],
      ["lib/operations/probe.ts", "next/headers"],
      ["lib/operations/probe.ts", "pg"],
      ["lib/http/probe.ts", "@/lib/database/database"],
      ["lib/http/probe.ts", "@/lib/ledger/append"],
      ["lib/http/probe.ts", "@/components/ui/button"],
      ["lib/http/sign-in/auth.ts", "@/lib/database/database"],
      ["lib/delivery/probe.ts", "@/lib/mail/claims"],
      ["lib/delivery/probe.ts", "@/lib/platform"],
      ["lib/jobs/probe.ts", "@/lib/http/run"],
      ["lib/jobs/probe.ts", "next/headers"],
      ["components/audit-log/probe.tsx", "@/lib/database/database"],
      ["components/audit-log/probe.tsx", "@/lib/platform"],
      ["components/ui/probe.tsx", "@/lib/env/env"],
      ["components/ui/probe.tsx", "node:crypto"],
      ["app/probe/page.tsx", "@/lib/database/database"],
      ["app/probe/page.tsx", "@/lib/ledger/append"],
      ["app/probe/page.tsx", "@/lib/stores/postgres/store"],
      ["app/probe/page.tsx", "@/lib/platform"],
      ["app/api/v1/probe/route.ts", "@/lib/access/sessions"],
      ["app/api/v1/probe/route.ts", "@/lib/env/env"],
      ["app/api/v1/probe/route.ts", "@/lib/generated/prisma/client"],
      ["sdk/src/probe.ts", "@/lib/env"],
      ["sdk/src/probe.ts", "@/lib/audit/query/fields"],
      ["sdk/src/probe.ts", "zod"],
      ["proxy.ts", "@/lib/access/sessions"],
      ["instrumentation.ts", "@/lib/operations/events"],
      ["instrumentation-client.ts", "@/lib/log"],
      ["lib/audit/query/probe.ts", "../event/event"],
      ["components/ui/probe.tsx", "../time"],
      ["scripts/probe.ts", "../lib/env/env"],
      ["e2e/probe.spec.ts", "../lib/env/env"],
      ["lib/audit/probe.test.ts", "../errors"],
    ]),
  )("%s may not import %s", (_file, _from, line) => {
    expect(rulesAgainst(line)).toContain(RESTRICTED)
  })

  it.each([
    ["a type", probe("app/probe/detour.tsx", 'import type { Tx } from "@/lib/database/tx"')],
    [
      "a re-export",
      probe("app/probe/detour.tsx", 'export { createDatabase } from "@/lib/database/database"'),
    ],
    [
      "a later import",
      probe("app/probe/detour.tsx", 'export const later = () => import("@/lib/database/database")'),
    ],
  ])("no detour by %s", (_, line) => {
    expect(rulesAgainst(line)).toContain(RESTRICTED)
  })

  it.each(
    rows([
      ["lib/audit/event/probe.ts", "@/lib/errors"],
      ["lib/audit/event/probe.ts", "./event"],
      ["lib/audit/capture/profiles/probe.ts", "@/lib/audit/capture/policy"],
      ["lib/audit/capture/probe.ts", "node:zlib"],
      ["lib/operations/probe.ts", "@/lib/platform"],
      ["lib/mail/probe.ts", "@/lib/delivery/claims"],
      ["app/probe/page.tsx", "@/lib/http/run"],
      ["components/audit-log/probe.tsx", "@/lib/audit/event/event"],
      ["lib/audit/probe.test.ts", "@/lib/platform"],
    ]),
  )("%s may import %s", (_file, _from, line) => {
    expect(rulesAgainst(line)).not.toContain(RESTRICTED)
  })

  it.each([
    ["lint/style/noProcessEnv", probe("lib/audit/other.ts", "export const home = process.env.HOME")],
    ["lint/style/noProcessEnv", probe("components/other.tsx", "export const home = process.env.HOME")],
    ["lint/suspicious/noConsole", probe("lib/operations/other.ts", 'console.log("x")')],
    ["lint/suspicious/noExplicitAny", probe("lib/other.ts", "export const any = (y: any) => y")],
    ["lint/style/noNonNullAssertion", probe("lib/other.ts", "export const sure = (y?: string) => y!.length")],
    [
      "lint/style/useImportType",
      probe("lib/other.ts", 'import { Fault } from "@/lib/errors"; export type Mine = Fault'),
    ],
    [
      "lint/security/noDangerouslySetInnerHtml",
      probe(
        "components/other.tsx",
        "export const X = () => <div dangerouslySetInnerHTML={{ __html: home }} />",
      ),
    ],
  ])("%s speaks up", (rule, line) => {
    expect(rulesAgainst(line)).toContain(rule)
  })

  it("are the ones of the table", () => {
    const written = JSON.parse(fs.readFileSync("biome.imports.json", "utf8"))
    expect(written, "run: node scripts/import-table.mjs").toEqual(JSON.parse(JSON.stringify(lintRules())))
  })
})

const ROOTS = ["app", "components", "lib", "scripts", "prisma", "bench", "e2e", "sdk"]
const TOP_FILES = ["proxy.ts", "instrumentation.ts", "instrumentation-client.ts"]

function sourceFiles(): string[] {
  const found = ROOTS.filter(root => fs.existsSync(root)).flatMap(root =>
    fs.readdirSync(root, { recursive: true, encoding: "utf8" }).map(name => path.posix.join(root, name)),
  )
  const isSource = (file: string) =>
    /\.(tsx?|mjs)$/.test(file) && !/(^|\/)(generated|fixtures|node_modules|dist)\//.test(file)
  return [...found, ...TOP_FILES].filter(isSource)
}

function importsOf(file: string): Import[] {
  const text = fs.readFileSync(file, "utf8")
  const statement = /^\s*(?:import|export)\s+(type\s)?(?:[^"'`;]*?\sfrom\s*)?["']([^"']+)["']/gm
  const call = /\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/g
  const found = [
    ...[...text.matchAll(statement)].map(match => ({
      from: match[2] ?? "",
      typeOnly: match[1] !== undefined,
    })),
    ...[...text.matchAll(call)].map(match => ({ from: match[1] ?? "", typeOnly: false })),
  ]
  return found.map(({ from, typeOnly }) => {
    const target = from.startsWith(".") ? `@/${path.posix.join(path.posix.dirname(file), from)}` : from
    return { file, from, target, typeOnly }
  })
}

/** Returns the modules of one import cycle, the first of them again at the end, or null. */
function findCycle(imports: readonly Import[]): string[] | null {
  const bare = (name: string) => name.replace(/^@\//, "").replace(/\.(tsx?|mjs)$/, "")
  const targets = new Map<string, string[]>()
  for (const { file, target } of imports) {
    if (target.startsWith("@/")) targets.set(bare(file), [...(targets.get(bare(file)) ?? []), bare(target)])
  }
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return null
    for (const next of targets.get(name) ?? []) {
      const cycle = visit(next, [...path, name])
      if (cycle !== null) return cycle
    }
    done.add(name)
    return null
  }
  for (const name of targets.keys()) {
    const cycle = visit(name, [])
    if (cycle !== null) return cycle
  }
  return null
}

/** Returns whether a name matches a pattern with `*` (within a folder) and `**` (any depth). */
function fits(name: string, pattern: string): boolean {
  const source = pattern
    .split(/(\*\*\/|\*\*|\*)/)
    .map(
      part =>
        ({ "**/": "(?:.*/)?", "**": ".*", "*": "[^/]*" })[part] ?? part.replace(/[.+^${}()|[\]\\]/g, "\\$&"),
    )
  return new RegExp(`^${source.join("")}$`).test(name)
}

const fitsAny = (name: string, patterns: readonly string[]) => patterns.some(pattern => fits(name, pattern))
const zoneOf = (file: string) => zones.find(zone => fitsAny(file, zone.files))

describe("the source files", () => {
  const files = sourceFiles()
  const imports = files.flatMap(importsOf)

  it("are found, and their imports are", () => {
    expect(files).toContain("lib/audit/event/event.ts")
    expect(importsOf("lib/operations/core/operation.ts")).toContainEqual({
      file: "lib/operations/core/operation.ts",
      from: "zod",
      target: "zod",
      typeOnly: true,
    })
  })

  it("keep to the table, also by way of a neighbour's path", () => {
    const broken = imports.filter(({ file, target }) => {
      const zone = fitsAny(file, free) ? undefined : zoneOf(file)
      if (zone === undefined || !target.startsWith("@/")) return false
      const isNeighbour =
        fitsAny(target.replace(/^@\//, ""), zone.files) || fitsAny(`${target.slice(2)}.ts`, zone.files)
      return !isNeighbour && !fitsAny(target, zone.ours)
    })
    expect(broken).toEqual([])
  })

  it("each have a row in the table", () => {
    const watched = files.filter(
      file => /^(lib|app|components|sdk\/src)\//.test(file) && !fitsAny(file, free),
    )
    expect(watched.filter(file => zoneOf(file) === undefined)).toEqual([])
  })

  it("never climb to a parent folder", () => {
    expect(imports.filter(({ from }) => from.startsWith(".."))).toEqual([])
  })

  it("know a store only in the platform", () => {
    const users = imports.filter(
      ({ target, file }) => target.startsWith("@/lib/stores/") && !file.startsWith("lib/stores/"),
    )
    const unexpected = users.filter(
      ({ file }) => file !== "lib/platform.ts" && !/^(bench|scripts)\//.test(file) && !fitsAny(file, free),
    )
    expect(unexpected).toEqual([])
  })

  it("know no subject on the way from a request to an operation and back", () => {
    const way = ["route", "methods", "dialect", "problem", "headers"].map(name => `lib/http/${name}.ts`)
    expect(files).toEqual(expect.arrayContaining(way))
    const subjects = imports.filter(
      ({ file, target }) => way.includes(file) && /^@\/lib\/operations\/(?!core\/)[^/]+\//.test(target),
    )
    expect(subjects).toEqual([])
  })

  it("take from adapters and operations only types into components", () => {
    expect(
      imports.filter(
        ({ file, target, typeOnly }) =>
          /^components\//.test(file) &&
          !fitsAny(file, free) &&
          /^@\/lib\/(http\/|operations\/|access\/held-roles)/.test(target) &&
          !typeOnly,
      ),
    ).toEqual([])
  })

  it("take at run time into capture only what the SDK may bundle", () => {
    const taken = imports.filter(
      ({ file, typeOnly }) => file.startsWith("lib/audit/capture/") && !typeOnly && !fitsAny(file, free),
    )
    const allowed =
      /^(?:@\/lib\/(?:audit\/(?:capture|json)\/.+|audit\/ip|errors)|node:(?:buffer|crypto|zlib))$/
    expect(taken).not.toEqual([])
    expect(taken.filter(({ target }) => !allowed.test(target))).toEqual([])
  })

  it("open connections that leave, and look names up, in lib/outbound alone", () => {
    const network = /^(?:node:)?(?:http|https|http2|net|tls|dgram|dns(?:\/promises)?)$|^undici$/
    const server = (file: string) =>
      /^(?:app|lib)\//.test(file) && !fitsAny(file, free) && !file.includes("/fixtures/")
    const importing = imports.filter(
      ({ file, target, typeOnly }) => server(file) && !typeOnly && network.test(target),
    )
    // It only judges what a certificate is.
    const opensNothing = ["lib/rpc/credentials.ts"]
    expect(new Set(importing.map(({ file }) => file))).toEqual(
      new Set([...["connect", "lookup", "request"].map(name => `lib/outbound/${name}.ts`), ...opensNothing]),
    )
    const fetching = files.filter(
      file => server(file) && /\bfetch\(|new (?:WebSocket|EventSource)\(/.test(fs.readFileSync(file, "utf8")),
    )
    expect(fetching).toEqual([])
  })

  it("keep what is for tests out of the product", () => {
    const product = imports.filter(({ file }) => /^(app|components|lib)\//.test(file) && !fitsAny(file, free))
    expect(product.filter(({ target }) => target.startsWith("@/test/"))).toEqual([])
  })

  it("import each other without a cycle, types included", () => {
    expect(findCycle(imports)).toBeNull()
    const probe = (file: string, target: string) => ({ file, from: target, target, typeOnly: true })
    const cyclic = [probe("a.ts", "@/b"), probe("b.ts", "@/c"), probe("c.ts", "@/a"), probe("c.ts", "@/d")]
    expect(findCycle(cyclic)).toEqual(["a", "b", "c", "a"])
  })

  it("have no barrels", () => {
    expect(files.filter(file => /\/index\.(tsx?|mjs)$/.test(file))).toEqual([])
  })
})

test("every file that docs/architecture.md names exists", () => {
  const text = fs.readFileSync("docs/architecture.md", "utf8")
  const named = [...text.matchAll(/`((?:app|components|lib|scripts|test|e2e|bench|prisma)\/[^`<*]+)`/g)].map(
    match => String(match[1]),
  )
  expect(named.length).toBeGreaterThan(30)
  const exists = (name: string) => fs.existsSync(name) || fs.existsSync(`${name}.ts`)
  expect(named.filter(name => !exists(name))).toEqual([])
})
