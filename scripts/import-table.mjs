// @ts-check
// Which files may import which: the table behind the lint rules (biome.imports.json, written by `node scripts/import-table.mjs`)
// and behind lib/imports.test.ts. Arrows point down only: app -> lib/http -> lib/operations -> platform -> access, ledger -> core.
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"

/**
 * @typedef {object} Zone
 * @property {readonly string[]} files to which the rule applies
 * @property {readonly string[]} [except] files of those that have a zone of their own, which comes before this one
 * @property {readonly string[]} ours which of our files they may import, besides `./` neighbours
 * @property {readonly string[]} [packages] the only packages they may import; absent = all except the refused ones
 * @property {readonly string[]} [refused] packages they may not import
 * @property {string} message shown for a violation
 */

const frameworks = [
  "next",
  "next/**",
  "next-auth",
  "next-auth/**",
  "react",
  "react/**",
  "react-dom",
  "react-dom/**",
]
const drivers = ["pg", "pg-cursor", "@prisma/**"]
const core = ["@/lib/audit/**", "@/lib/errors"]
const memory = ["@/lib/memory/**"]
const database = ["@/lib/database/**", ...memory]
const ledger = [...database, "@/lib/ledger/**"]
const process_ = ["@/lib/env/**", "@/lib/log", "@/lib/request-marks"]
const sdkTypes = ["@/lib/audit/ids", "@/lib/audit/event/input", "@/lib/audit/event/event", "@/lib/errors"]
const words = ["@/lib/access/permissions", "@/lib/access/principal", "@/lib/access/email"]

/** The folders of operations. */
const subjects = [
  "api-keys",
  "apps",
  "capture",
  "clarifai",
  "collaborators",
  "events",
  "groups",
  "invitations",
  "members",
  "organizations",
  "roles",
  "sign-in",
  "sinks",
]
const underOperations = [
  "@/lib/operations/**",
  "@/lib/clarifai/**",
  "@/lib/access/**",
  "@/lib/mail/**",
  "@/lib/delivery/**",
  "@/lib/capture/**",
  "@/lib/clarifai/**",
  "@/lib/sinks/**",
  "@/lib/outbound/**",
  "@/lib/formats/write/**",
  ...ledger,
  ...core,
  "@/lib/log",
  "@/package.json",
]

/** @type {readonly Zone[]} */
export const zones = [
  {
    files: ["lib/errors.ts", "lib/request-marks.ts", "lib/sealed-bytes.ts", "lib/audit/ip.ts"],
    ours: [],
    refused: [...frameworks, ...drivers],
    message: "This file is at the bottom: it imports nothing of ours.",
  },
  {
    files: ["lib/env/**"],
    ours: ["@/lib/audit/ip", "@/lib/audit/capture/**", "@/lib/outbound/allow"],
    refused: [...frameworks, ...drivers],
    message:
      "The environment knows how an ip, the keys of capture and OUTBOUND_ALLOW are read, and nothing else of ours.",
  },
  {
    files: ["lib/log.ts"],
    ours: [
      "@/lib/env/**",
      "@/lib/server-log/kept-log",
      "@/lib/audit/capture/hide-text",
      "@/lib/audit/capture/secret-names",
      "@/lib/audit/capture/secrets",
    ],
    message: "The log knows the environment, where it is kept, and what is secret.",
  },
  {
    files: ["lib/server-log/**"],
    ours: ["@/lib/server-log/**", ...memory],
    refused: [...frameworks, ...drivers],
    message: "The kept log knows files only.",
  },
  {
    // Bundled into the SDK, which has no dependency.
    files: ["lib/audit/capture/**"],
    // Of the last two only types; lib/imports.test.ts refuses an import of a value.
    ours: [
      "@/lib/audit/capture/**",
      "@/lib/audit/json/**",
      "@/lib/audit/ip",
      "@/lib/errors",
      "@/lib/audit/event/*",
      "@/lib/audit/time/*",
    ],
    packages: ["node:buffer", "node:crypto", "node:zlib"],
    message: "Capture is bundled into the SDK: at run time it knows itself, JSON, ips and errors.",
  },
  {
    files: ["lib/audit/**"],
    except: ["lib/audit/capture/**"],
    ours: core,
    packages: ["zod", "date-fns", "date-fns/**", "@date-fns/tz", "ipaddr.js", "node:buffer", "node:crypto"],
    message: "The core imports no framework, no database and no environment.",
  },
  {
    files: ["lib/memory/**"],
    ours: [...memory, "@/lib/errors"],
    refused: [...frameworks, ...drivers],
    message: "What a process keeps in memory knows errors only.",
  },
  {
    files: ["lib/formats/**"],
    ours: ["@/lib/formats/**", ...core],
    refused: [...frameworks, ...drivers],
    message: "A format knows the core and nothing else of ours.",
  },
  {
    files: ["lib/clarifai/**"],
    ours: ["@/lib/clarifai/**", ...core],
    packages: [],
    message: "Clarifai's protocol knows the core and errors, and no package.",
  },
  {
    files: ["lib/outbound/**"],
    ours: ["@/lib/outbound/**", ...core, "@/lib/log", "@/lib/memory/one-per-process"],
    refused: [...frameworks, ...drivers],
    message: "Connections that leave know the core and nothing else of ours.",
  },
  {
    files: ["lib/sinks/**"],
    ours: [
      "@/lib/sinks/**",
      "@/lib/outbound/**",
      "@/lib/formats/write/**",
      ...core,
      "@/lib/log",
      "@/lib/memory/one-per-process",
      "@/lib/sealed-bytes",
    ],
    refused: [...frameworks, ...drivers],
    message:
      "A sink knows the core, the formats and how connections leave; neither the database nor the platform.",
  },
  {
    files: ["lib/stores/**"],
    ours: ["@/lib/stores/**", ...database, ...core, "@/lib/log"],
    refused: frameworks,
    message: "A store knows the core and its database.",
  },
  {
    files: ["lib/database/**", "lib/ledger/**", "lib/startup-checks*.ts"],
    ours: [...ledger, "@/lib/generated/**", ...core, ...process_],
    refused: frameworks,
    message: "Database and ledger know the core, the log and the generated client.",
  },
  {
    files: ["lib/capture/**"],
    ours: ["@/lib/capture/**", ...database, ...core, ...process_],
    refused: frameworks,
    message:
      "What is recorded of calls is read through the database; it knows neither the platform nor an operation.",
  },
  {
    files: ["lib/platform.ts", "lib/prepare-serving.ts", "lib/start-serving.ts", "lib/watch-clock.ts"],
    ours: [
      "@/lib/platform",
      "@/lib/prepare-serving",
      "@/lib/startup-checks",
      "@/lib/watch-clock",
      "@/lib/server-log/**",
      "@/lib/stores/**",
      "@/lib/sinks/**",
      "@/lib/outbound/**",
      // The version, for what it reports.
      "@/package.json",
      // Keys and apps, with what the process has cached about them.
      "@/lib/access/keys/key-principal",
      "@/lib/access/known-apps",
      "@/lib/capture/**",
      ...ledger,
      ...core,
      ...process_,
    ],
    refused: frameworks,
    message: "The platform puts together what is below it and knows no operation.",
  },
  {
    files: ["lib/access/**"],
    ours: ["@/lib/access/**", ...database, ...core, ...process_],
    refused: frameworks,
    message:
      "Access reads the directory through lib/database and knows neither the platform nor an operation.",
  },
  {
    files: ["lib/delivery/sinks/**"],
    ours: [
      "@/lib/delivery/**",
      "@/lib/sinks/**",
      "@/lib/outbound/**",
      "@/lib/formats/write/**",
      ...ledger,
      ...core,
      "@/lib/log",
    ],
    refused: frameworks,
    message: "Delivery to sinks knows the ledger and the kinds of sinks, and no operation.",
  },
  {
    files: ["lib/delivery/**"],
    except: ["lib/delivery/sinks/**"],
    ours: ["@/lib/delivery/**", ...database, ...core],
    refused: frameworks,
    message: "Delivery knows rows that wait and are claimed, not what they are for.",
  },
  {
    files: ["lib/mail/**"],
    ours: [
      "@/lib/mail/**",
      "@/lib/delivery/**",
      "@/lib/outbound/**",
      "@/lib/sealed-bytes",
      "@/lib/platform",
      ...database,
      ...core,
      ...process_,
    ],
    refused: frameworks,
    message: "Mail knows the platform and what is below it, and no operation.",
  },
  {
    files: subjects.map(subject => `lib/operations/${subject}/**`),
    ours: underOperations,
    refused: [...frameworks, ...drivers],
    message:
      "An operation has its transaction and the rest of the platform from its context, and asks for neither.",
  },
  {
    files: ["lib/operations/support-dump/**"],
    ours: [...underOperations, "@/lib/platform", "@/lib/server-log/**", "@/lib/support-dump/**"],
    refused: [...frameworks, ...drivers],
    message: "A support dump tells of the installation, which the platform knows.",
  },
  {
    files: ["lib/support-dump/**"],
    ours: ["@/lib/support-dump/**", "@/lib/formats/write/**", ...database, ...core],
    refused: [...frameworks, ...drivers],
    message: "The parts of a support dump get what they tell of.",
  },
  {
    files: [
      "lib/operations/*.ts",
      "lib/operations/core/**",
      "lib/operations/fixtures/**",
      "lib/operations/openapi/**",
    ],
    ours: [...underOperations, "@/lib/platform"],
    refused: [...frameworks, ...drivers],
    message: "An operation knows access, ledger, platform and the core: no framework, no store, no driver.",
  },
  {
    files: ["lib/rpc/**"],
    ours: [
      "@/lib/rpc/**",
      "@/lib/clarifai/**",
      "@/lib/operations/**",
      "@/lib/access/**",
      "@/lib/platform",
      // What HTTP and gRPC share: whose address a request has, and what is written about a failure.
      "@/lib/http/address",
      "@/lib/http/failures",
      "@/lib/http/problem",
      "@/lib/http/request",
      ...memory,
      "@/lib/database/errors",
      ...core,
      ...process_,
    ],
    refused: [...frameworks, ...drivers],
    message: "gRPC is an adapter: it reaches data through operations only, and knows no framework.",
  },
  {
    files: ["lib/http/**"],
    ours: [
      "@/lib/http/**",
      "@/lib/clarifai/**",
      "@/lib/operations/**",
      "@/lib/access/**",
      // The jobs that have not run, for the health check.
      "@/lib/delivery/job-states",
      // How sinks are doing, for health and metrics.
      "@/lib/delivery/sinks/figures",
      "@/lib/sinks/server-sink",
      // Caught mail is stored in local files: no operation is involved.
      "@/lib/mail/caught",
      // The identity provider is called by an adapter.
      "@/lib/outbound/**",
      "@/lib/platform",
      // Limits of the process.
      ...memory,
      // Why the database failed, for the log and the health check.
      "@/lib/database/errors",
      ...core,
      ...process_,
    ],
    refused: drivers,
    message: "The adapters reach data through operations only.",
  },
  {
    files: ["lib/jobs/**"],
    ours: [
      "@/lib/jobs/**",
      "@/lib/access/**",
      "@/lib/mail/**",
      "@/lib/delivery/**",
      "@/lib/capture/**",
      "@/lib/sinks/**",
      "@/lib/outbound/**",
      "@/lib/platform",
      ...ledger,
      ...core,
      ...process_,
    ],
    refused: frameworks,
    message: "A job knows the platform and what is below it.",
  },
  {
    files: ["components/**"],
    // Of lib/http, operations and held roles only types: lib/imports.test.ts refuses an import of a value.
    ours: [
      "@/components/**",
      ...words,
      ...core,
      "@/lib/http/action",
      "@/lib/operations/**",
      "@/lib/access/held-roles",
    ],
    refused: [...drivers, "node:*"],
    message: "Components get data and actions as props.",
  },
  {
    files: ["app/**"],
    ours: ["@/app/**", "@/components/**", "@/lib/http/**", "@/lib/operations/**", ...words, ...core],
    refused: drivers,
    message: "Pages and routes reach data through lib/http and operations only.",
  },
  {
    files: ["sdk/src/**"],
    // It is bundled into other applications: nothing that needs the database, the environment or a package.
    ours: ["@/sdk/src/**", "@/lib/audit/capture/**", "@/lib/audit/json/**", "@/lib/audit/ip", ...sdkTypes],
    packages: ["node:*"],
    message: "The SDK knows what capture is and Node's own modules, and nothing else of ours.",
  },
  {
    files: ["proxy.ts"],
    ours: ["@/lib/env/**"],
    message: "The proxy decides nothing about access: it knows the environment only.",
  },
  {
    files: ["instrumentation.ts"],
    ours: ["@/lib/start-serving", "@/lib/rpc/offer", "@/lib/log", "@/lib/request-marks"],
    message: "Start-up runs the checks, offers gRPC and writes the log.",
  },
  {
    files: ["instrumentation-client.ts"],
    ours: ["@/components/navigation/traversal"],
    message: "Only what must run in the browser before the router.",
  },
]

/** Tests, and what only tests use, may import everything. */
export const free = [
  "**/*.test.ts",
  "**/*.test.tsx",
  "**/*.test-d.ts",
  "**/*.contract.ts",
  "test/**",
  "sdk/test/**",
]

const noParents = { group: ["..", "../**"], message: "Between folders imports begin with @/." }

/** Returns the lint configuration that enforces the table. */
export function lintRules() {
  const refusing = (/** @type {readonly object[]} */ patterns) => ({
    linter: { rules: { style: { noRestrictedImports: { level: "error", options: { patterns } } } } },
  })
  return {
    $schema: "./node_modules/@biomejs/biome/configuration_schema.json",
    ...refusing([noParents]),
    overrides: [
      ...zones.map(zone => ({
        includes: [...zone.files, ...(zone.except ?? []).map(files => `!${files}`)],
        ...refusing([{ group: groupOf(zone), message: zone.message }]),
      })),
      { includes: free, ...refusing([noParents]) },
    ],
  }
}

/** Patterns as in a .gitignore: an exclamation mark allows what follows again. */
function groupOf(/** @type {Zone} */ { ours, packages, refused = [] }) {
  const allowed = (/** @type {readonly string[]} */ names) => names.map(name => `!${name}`)
  if (packages !== undefined) return ["**", "!./**", ...allowed(ours), ...allowed(packages)]
  return ["@/**", ...noParents.group, ...refused, ...allowed(ours)]
}

if (process.argv[1] === import.meta.filename) {
  const root = path.resolve(import.meta.dirname, "..")
  fs.writeFileSync(path.join(root, "biome.imports.json"), JSON.stringify(lintRules(), null, 2))
  spawnSync("npx", ["biome", "format", "--write", "biome.imports.json"], { cwd: root, stdio: "inherit" })
}
