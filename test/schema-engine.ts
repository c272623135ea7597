import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import path from "node:path"
import { PrismaPg } from "@prisma/adapter-pg"
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlQueryable,
} from "@prisma/driver-adapter-utils"
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg"
import pg from "pg"

const schemaPath = path.resolve("prisma/schema.prisma")

/**
 * Returns the statements that would change the schema `public` of this database to prisma/schema.prisma; empty when they
 * agree. Uses Prisma's own engine, which comes from npm as WebAssembly because its binary cannot be downloaded everywhere.
 */
export async function prismaDrift(databaseUrl: string): Promise<string> {
  await loadEngine()
  const schema = { files: [{ path: schemaPath, content: await readFile(schemaPath, "utf8") }] }
  const pool = characterTolerantPool(databaseUrl)
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: schema.files.map(file => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(characterTolerantFactory(pool)),
  )
  try {
    const { stdout, exitCode } = await engine.diff({
      from: { tag: "schemaDatasource", ...schema, configDir: path.dirname(schemaPath) },
      to: { tag: "schemaDatamodel", ...schema },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    })
    return exitCode === 0 ? "" : (stdout ?? "The engine reports a difference and does not say which.")
  } finally {
    engine.free()
    await pool.end()
  }
}

let loaded: Promise<void> | undefined

/** The package expects a bundler to link its WebAssembly; here this is done by hand. */
function loadEngine(): Promise<void> {
  loaded ??= (async () => {
    const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg")
    const compiled = await WebAssembly.compile(await readFile(entry.replace(/\.js$/, ".wasm")))
    const { exports } = await WebAssembly.instantiate(compiled, {
      "./schema_engine_bg.js": { ...engineModule },
    })
    // Without this, a panic of the engine appears as an error about the missing registry.
    Reflect.set(globalThis, "PRISMA_WASM_PANIC_REGISTRY", {
      set_message: (message: string) => process.stderr.write(`Prisma's engine: ${message}\n`),
    })
    callMember(engineModule, "__wbg_set_wasm", exports)
    callMember(exports, "__wbindgen_start")
  })()
  return loaded
}

/** The members that link the WebAssembly are missing from the package's types. */
function callMember(object: object, name: string, ...values: readonly unknown[]): void {
  const member: unknown = Reflect.get(object, name)
  if (typeof member !== "function") throw new Error(`The schema engine has no ${name}.`)
  member(...values)
}

const characterOid = 18
const textOid = 25
/** Positions of columns of the internal type "char", by result. */
const characterColumns = new WeakMap<object, readonly number[]>()

/**
 * The adapter refuses PostgreSQL's internal type "char", which the engine's own catalogue queries return and expect as a
 * character. So it passes the adapter as text, and gets its type back afterwards.
 */
function characterTolerantPool(connectionString: string): pg.Pool {
  class TolerantClient extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: passes on whatever it gets; all its forms resolve with the same
    override query(...given: any[]): any {
      return withoutCharacters(Reflect.apply(super.query, this, given))
    }
  }
  class TolerantPool extends pg.Pool {
    // biome-ignore lint/suspicious/noExplicitAny: the same
    override query(...given: any[]): any {
      return withoutCharacters(Reflect.apply(super.query, this, given))
    }
  }
  return new TolerantPool({ connectionString, max: 2, Client: TolerantClient })
}

function withoutCharacters(answer: unknown): unknown {
  return answer instanceof Promise ? answer.then(hideCharacters) : answer
}

function hideCharacters(result: pg.QueryResult): pg.QueryResult {
  const positions: number[] = []
  for (const [position, field] of (result?.fields ?? []).entries()) {
    if (field.dataTypeID !== characterOid) continue
    field.dataTypeID = textOid
    positions.push(position)
  }
  if (positions.length > 0) characterColumns.set(result.rows, positions)
  return result
}

function characterTolerantFactory(pool: pg.Pool): PrismaPg {
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = restoreCharacters(await connect())
    const startTransaction = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async level => restoreCharacters(await startTransaction(level))
    return adapter
  }
  // With a url, the adapter would use the main database as its shadow.
  factory.connectToShadowDb = () => Promise.reject(new Error("No shadow database is needed."))
  return factory
}

function restoreCharacters<Queryable extends SqlQueryable>(queryable: Queryable): Queryable {
  const queryRaw = queryable.queryRaw.bind(queryable)
  queryable.queryRaw = async query => {
    const result = await queryRaw(query)
    for (const position of characterColumns.get(result.rows) ?? []) {
      result.columnTypes[position] = ColumnTypeEnum.Character
    }
    return result
  }
  return queryable
}
