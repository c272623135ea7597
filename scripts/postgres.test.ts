import { execFileSync, spawn } from "node:child_process"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import net from "node:net"
import os from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startPostgres, stopPostgres } from "./postgres.mjs"
import { linkLibraries } from "./postgres-binaries.mjs"

const settings = { fsync: "off", shared_buffers: "16MB" }
const isRoot = process.getuid?.() === 0
const nobody = 65534

/** A database that was created once, for the tests that are not about its creation. */
const prepared = mkdtempSync(path.join(os.tmpdir(), "auditorium-launcher-prepared-"))
beforeAll(async () => {
  await (await startPostgres({ directory: path.join(prepared, "data", "postgres"), settings })).stop()
})
afterAll(() => rmSync(prepared, { recursive: true, force: true }))

/** Puts a copy of it where the test's own is expected. */
function useCreated(): void {
  execFileSync("cp", ["-a", path.join(prepared, "data"), path.join(folder, "data")])
}

let folder: string
let directory: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "auditorium-launcher-"))
  directory = path.join(folder, "data", "postgres")
})
afterEach(async () => {
  await stopPostgres(directory)
  rmSync(folder, { recursive: true, force: true })
})

const start = (options: { readonly runAs?: "nobody" } = {}) =>
  startPostgres({ directory, settings, ...options })

describe("the embedded PostgreSQL", () => {
  it("starts in an empty folder, with roles, passwords and files that only its user can read", async () => {
    const said: string[] = []
    const server = await startPostgres({ directory, settings, log: message => said.push(message) })
    expect(server.adopted).toBe(false)
    expect(said).toEqual(["Creating the database files."])
    const passwords = path.join(folder, "data", "postgres-passwords.json")
    expect(modeOf(passwords)).toBe(0o600)
    expect(modeOf(directory)).toBe(0o700)
    expect(modeOf(`${directory}.log`)).toBe(0o600)
    expect(new Set(Object.values<string>(JSON.parse(readFileSync(passwords, "utf8")))).size).toBe(3)
    expect(await ask(server.ownerUrl, "SELECT current_user::text AS answer")).toBe("auditorium_owner")
    expect(await ask(server.applicationUrl, "SELECT current_user::text AS answer")).toBe("auditorium_app")
    expect(
      await ask(
        server.ownerUrl,
        "SELECT pg_get_userbyid(datdba)::text AS answer FROM pg_database WHERE datname = current_database()",
      ),
    ).toBe("auditorium_owner")
    expect(
      await ask(
        server.ownerUrl,
        "SELECT rolsuper OR rolbypassrls AS answer FROM pg_roles WHERE rolname = current_user",
      ),
    ).toBe(false)
  })

  it("lets nobody in without the password, listens on the loopback address only, and keeps commits", async () => {
    useCreated()
    const server = await start()
    const wrong = new URL(server.superuserUrl)
    wrong.password = "wrong"
    await expect(ask(wrong.href, "SELECT 1 AS answer")).rejects.toMatchObject({ code: "28P01" })
    const rules = readFileSync(path.join(directory, "pg_hba.conf"), "utf8")
      .split("\n")
      .filter(line => /^(local|host)/.test(line))
    expect(rules.length).toBeGreaterThan(0)
    expect(rules.every(line => line.endsWith("scram-sha-256"))).toBe(true)
    const show = (name: string) => ask(server.superuserUrl, `SELECT current_setting('${name}') AS answer`)
    expect(await show("synchronous_commit")).toBe("on")
    expect(await show("listen_addresses")).toBe("127.0.0.1")
    expect(await show("unix_socket_directories")).toBe("")
    expect(await show("password_encryption")).toBe("scram-sha-256")
    const outside = Object.values(os.networkInterfaces())
      .flat()
      .find(one => one && !one.internal && one.family === "IPv4")
    if (outside) expect(await canConnect(outside.address, server.port)).toBe(false)
  })

  it("adopts the server that already runs, stops it cleanly, and finds its data again", async () => {
    useCreated()
    const first = await start()
    await ask(first.ownerUrl, "CREATE TABLE kept AS SELECT 42 AS answer")
    const second = await start()
    expect(second).toMatchObject({
      adopted: true,
      pid: first.pid,
      port: first.port,
      ownerUrl: first.ownerUrl,
    })
    await second.stop()
    await first.stop()
    expect(existsSync(path.join(directory, "postmaster.pid"))).toBe(false)
    expect(readFileSync(`${directory}.log`, "utf8")).toContain("database system is shut down")
    const third = await start()
    expect(third.adopted).toBe(false)
    expect(await ask(third.ownerUrl, "SELECT answer FROM kept")).toBe(42)
  })

  it("starts once when two launchers come at the same time", async () => {
    const servers = await Promise.all([start(), launchElsewhere(), start()])
    expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1)
    expect(servers.filter(({ adopted }) => !adopted)).toHaveLength(1)
    expect(await ask(servers[0].ownerUrl, "SELECT 1 AS answer")).toBe(1)
  })

  it("recovers after it was killed, and when its process number belongs to another program by now", async () => {
    useCreated()
    const first = await start()
    await ask(first.ownerUrl, "CREATE TABLE kept AS SELECT 42 AS answer")
    process.kill(first.pid, "SIGKILL")
    const second = await start()
    expect(await ask(second.ownerUrl, "SELECT answer FROM kept")).toBe(42)
    const pidFile = path.join(directory, "postmaster.pid")
    const [, ...rest] = readFileSync(pidFile, "utf8").split("\n")
    await second.stop()
    writeFileSync(pidFile, [process.pid, ...rest].join("\n"))
    const third = await start()
    expect(third.adopted).toBe(false)
    expect(await ask(third.ownerUrl, "SELECT answer FROM kept")).toBe(42)
  })

  it("makes its files anew when the making was killed half-way", async () => {
    const parent = path.dirname(directory)
    const half = launchElsewhere()
    while (
      !existsSync(parent) ||
      !readdirSync(parent).some(
        name => /\.new-\d+$/.test(name) && existsSync(path.join(parent, name, "PG_VERSION")),
      )
    ) {
      await sleep(1)
    }
    half.child.kill("SIGKILL")
    await expect(half).rejects.toThrow()
    expect(existsSync(directory)).toBe(false)
    const server = await start()
    expect(await ask(server.ownerUrl, "SELECT 1 AS answer")).toBe(1)
    expect(readdirSync(parent).toSorted()).toEqual(["postgres", "postgres-passwords.json", "postgres.log"])
  })

  it.runIf(isRoot)("runs as an ordinary user, and as root where user namespaces are forbidden", async () => {
    chmodSync(folder, 0o755)
    mkdirSync(path.dirname(directory), { mode: 0o755 })
    const asNobody = await start({ runAs: "nobody" })
    expect(await ask(asNobody.ownerUrl, "SELECT 1 AS answer")).toBe(1)
    expect(statSync(directory).uid).toBe(nobody)
    await asNobody.stop()
    directory = path.join(folder, "own", "postgres")
    mkdirSync(path.dirname(directory))
    chownSync(path.dirname(directory), nobody, nobody)
    const ordinary = await launchElsewhere(nobody)
    expect(await ask(ordinary.ownerUrl, "SELECT 1 AS answer")).toBe(1)
    expect(statSync(path.join(directory, "PG_VERSION")).uid).toBe(nobody)
  })
})

describe("a folder it cannot use", () => {
  it("is refused when it holds something else, and nothing in it is touched", async () => {
    mkdirSync(directory, { recursive: true })
    writeFileSync(path.join(directory, "letter.txt"), "dear")
    await expect(start()).rejects.toThrow("is not empty and holds no PostgreSQL database")
    expect(readdirSync(directory)).toEqual(["letter.txt"])
  })

  it("is refused when another version made it", async () => {
    mkdirSync(directory, { recursive: true })
    writeFileSync(path.join(directory, "PG_VERSION"), "13\n")
    await expect(start()).rejects.toThrow("was made by PostgreSQL 13")
  })

  it("is refused when the passwords are gone", async () => {
    useCreated()
    rmSync(`${directory}-passwords.json`)
    await expect(start()).rejects.toThrow("postgres-passwords.json is missing")
  })

  it("is reported with what PostgreSQL says when it does not start", async () => {
    useCreated()
    const wrong = startPostgres({ directory, settings: { ...settings, max_connections: "many" } })
    await expect(wrong).rejects.toThrow(/did not start on .*\n.*max_connections/)
  })
})

it("the libraries' links are made where no install script made them", () => {
  const library = path.join(folder, "native", "lib")
  mkdirSync(library, { recursive: true })
  writeFileSync(path.join(library, "libx.so.1.2"), "")
  const links = ["native/lib/libx.so", "native/lib/libx.so.1"].map(target => ({
    source: "native/lib/libx.so.1.2",
    target,
  }))
  writeFileSync(path.join(folder, "native", "pg-symlinks.json"), JSON.stringify(links))
  linkLibraries(folder)
  linkLibraries(folder)
  expect(readlinkSync(path.join(library, "libx.so"))).toBe("libx.so.1.2")
  expect(existsSync(path.join(library, "libx.so.1"))).toBe(true)
})

type Server = Pick<Awaited<ReturnType<typeof startPostgres>>, "pid" | "adopted" | "ownerUrl">

/** The same start in a separate process, as the given user. */
function launchElsewhere(uid?: number): Promise<Server> & { readonly child: ReturnType<typeof spawn> } {
  const module = path.resolve("scripts/postgres.mjs")
  const script = `import { startPostgres } from ${JSON.stringify(module)}
    console.log(JSON.stringify(await startPostgres(${JSON.stringify({ directory, settings })})))
    process.exit()`
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid === undefined ? {} : { uid, gid: uid, cwd: "/" }),
  })
  let output = ""
  child.stdout.on("data", data => {
    output += data
  })
  child.stderr.on("data", data => {
    output += data
  })
  const done = new Promise<Server>((resolve, reject) => {
    child.once("exit", code =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`ended with ${code}: ${output}`)),
    )
  })
  return Object.assign(done, { child })
}

async function ask(connectionString: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString })
  client.on("error", () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows[0]?.answer
  } finally {
    await client.end()
  }
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect({ host, port, timeout: 1_000 })
    const answer = (value: boolean) => {
      socket.destroy()
      resolve(value)
    }
    socket.once("connect", () => answer(true))
    socket.once("error", () => answer(false))
    socket.once("timeout", () => answer(false))
  })
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777
}
