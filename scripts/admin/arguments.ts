import { parseArgs } from "node:util"

/** Thrown for invalid arguments; the message says what is missing or wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

/** One option of a command. */
export interface Option {
  /** Placeholder for the value in the usage text. */
  readonly hint: string
  readonly means: string
  readonly required?: true
  readonly several?: true
  /** True for a switch, which takes no value. */
  readonly bare?: true
}

/** The values of the options of a command, by name; that of a switch is "". */
export class Given {
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values
  }

  /** Returns the value. Throws UsageError when there is none: for required options only. */
  one(name: string): string {
    const [value] = this.#values.get(name) ?? []
    if (value === undefined) throw new UsageError(`--${name} is missing.`)
    return value
  }

  /** Returns the value, or undefined when the option is absent. */
  maybe(name: string): string | undefined {
    return this.#values.get(name)?.[0]
  }

  /** Returns all values, in their order; one value may contain several, separated by commas. */
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

/** Returns the parsed options. Throws UsageError for one that is unknown, missing, without its value or repeated. */
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
    // Only the first sentence of Node's message names the fault.
    const [message = "The options are not understood."] =
      error instanceof Error ? error.message.split(/(?<=\.) /) : []
    throw new UsageError(message)
  }
}

function textOf(value: string | boolean | undefined): string {
  return typeof value === "string" ? value : ""
}
