import { parseArgs } from "node:util"

/** What was typed makes no command; the message says what is missing or wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

/** One option of a command. */
export interface Option {
  /** Stands for the value in the usage text. */
  readonly hint: string
  readonly means: string
  readonly required?: true
  readonly several?: true
  /** A switch: takes no value. */
  readonly bare?: true
}

/** What the options of a command were given, by name; a switch that was given is "". */
export class Given {
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values
  }

  /** Promise: the value. Only for options that are required. */
  one(name: string): string {
    const [value] = this.#values.get(name) ?? []
    if (value === undefined) throw new UsageError(`--${name} is missing.`)
    return value
  }

  /** Promise: the value, or undefined when the option was not given. */
  maybe(name: string): string | undefined {
    return this.#values.get(name)?.[0]
  }

  /** Promise: all values, in their order; a value may hold several, separated by commas. */
  several(name: string): readonly string[] {
    return (this.#values.get(name) ?? [])
      .flatMap(value => value.split(","))
      .map(value => value.trim())
      .filter(value => value !== "")
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }
}

/** Promise: what the options say; throws UsageError for one that is unknown, missing, without its value or given twice. */
export function readOptions(args: readonly string[], options: Readonly<Record<string, Option>>): Given {
  const known = Object.entries(options).map(
    ([name, option]) => [name, { type: option.bare ? "boolean" : "string", multiple: true }] as const,
  )
  const given = new Given(new Map(parsedEntries(args, Object.fromEntries(known))))
  for (const [name, option] of Object.entries(options)) {
    if (option.required && !given.has(name))
      throw new UsageError(`--${name} ${option.hint} is missing: ${option.means}.`)
  }
  for (const [name, option] of Object.entries(options)) {
    const count = args.filter(arg => arg === `--${name}` || arg.startsWith(`--${name}=`)).length
    if (count > 1 && !option.several)
      throw new UsageError(`--${name} was given ${count} times; once is enough.`)
  }
  return given
}

function parsedEntries(
  args: readonly string[],
  options: Readonly<Record<string, { readonly type: "boolean" | "string"; readonly multiple: boolean }>>,
): [string, string[]][] {
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false })
    return Object.entries(values).map(([name, value]) => [name, [value].flat().map(textOf)])
  } catch (error) {
    // Of node's own sentence the first says what is wrong; the others explain node.
    const [message = "The options are not understood."] =
      error instanceof Error ? error.message.split(/(?<=\.) /) : []
    throw new UsageError(message)
  }
}

function textOf(value: string | boolean | undefined): string {
  return typeof value === "string" ? value : ""
}
