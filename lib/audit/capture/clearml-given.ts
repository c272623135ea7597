import { canonicalJson } from "@/lib/audit/json/canonical"
import {
  concerns,
  isAlmostOurs,
  type KnownKey,
  knownKey,
  nearestKey,
  type SettingValue,
} from "./clearml-keys"
import { type HoconEntry, HoconError, parseHocon, parseHoconValue } from "./hocon"

/** A key that is set, and where. */
export interface Setting {
  readonly known: KnownKey
  readonly value: SettingValue
  /** The variable of the environment that sets it. */
  readonly variable: string
  /** What to look for there: the line of the environment, or the file with its line. */
  readonly line: string
  /** The variable, or the file and its line: unique among settings. */
  readonly where: string
}

/** A value that cannot be used, and the variable that has it. */
export interface SettingProblem {
  readonly name: string
  readonly message: string
}

export interface Settings {
  readonly byKey: ReadonlyMap<string, Setting>
  readonly problems: readonly SettingProblem[]
  readonly warnings: readonly string[]
}

/** A configuration file: its name for messages, and its text. */
export interface ConfigurationFile {
  readonly name: string
  readonly text: string
}

type Source = Readonly<Record<string, string | undefined>>

interface Given {
  readonly path: readonly string[]
  readonly value: HoconEntry["value"]
  readonly variable: string
  readonly line: string
  readonly where: string
}

interface Notes {
  readonly problems: SettingProblem[]
  readonly warnings: string[]
}

const prefix = /^(clearml|trains)__(.+)$/is

/**
 * Returns what a file and the environment set. The file is the weakest, then `TRAINS__`, then `CLEARML__`. Two spellings of a
 * key with different values in one of them are a problem, where ClearML silently takes the later one.
 */
export function readSettings(source: Source, file: ConfigurationFile | null): Settings {
  const notes: Notes = { problems: [], warnings: [] }
  const inFile = file === null ? [] : givenByFile(file, notes)
  const [fileTrains, fileOwn] = apart(inFile, ({ path }) => /^trains__/i.test(path[0] ?? ""))
  const [trains, clearml] = apart(givenByVariables(source, notes), ({ variable }) =>
    /^trains__/i.test(variable),
  )
  const byKey = new Map<string, Setting>()
  for (const layer of [fileTrains.map(inApiserver), fileOwn.map(inApiserver), trains, clearml])
    for (const [key, setting] of readLayer(layer, notes)) byKey.set(key, setting)
  return { byKey, ...notes }
}

/** Returns the path that the name of a variable means, or null when it has another prefix. */
export function pathOfVariable(name: string): string[] | null {
  const rest = prefix.exec(name)?.[2]
  return rest === undefined ? null : rest.split("__").map(part => part.toLowerCase())
}

/** Returns the name of the variable that a path means, as the documentation of ClearML writes it. */
export function variableOf(path: readonly string[]): string {
  return ["CLEARML", ...path].join("__")
}

function givenByVariables(source: Source, { problems, warnings }: Notes): Given[] {
  return Object.keys(source)
    .sort()
    .flatMap(variable => {
      const text = source[variable]?.trim() ?? ""
      const path = pathOfVariable(variable)
      if (path === null || text === "") return []
      const { inside, around } = concerns(path)
      if (!inside && !around) {
        if (isAlmostOurs(path)) warnings.push(unknownKey(variable, path))
        return []
      }
      const origin = { variable, where: variable, line: `${variable}=${text}` }
      try {
        const entries = parseHoconValue(text)
        return entries.map(entry => ({ ...origin, path: [...path, ...entry.path], value: entry.value }))
      } catch (error) {
        if (!(error instanceof HoconError)) throw error
        problems.push({ name: variable, message: `is not a value of HOCON: ${error.message}` })
        return []
      }
    })
}

function givenByFile({ name, text }: ConfigurationFile, { problems }: Notes): Given[] {
  try {
    return parseHocon(text).map(({ path, value, line }) => {
      const where = `${name} line ${line}`
      return { path, value, variable: "CAPTURE_FILE", where, line: `${where}: ${path.join(".")}` }
    })
  } catch (error) {
    if (!(error instanceof HoconError)) throw error
    problems.push({ name: "CAPTURE_FILE", message: `${name} line ${error.line}: ${error.message}` })
    return []
  }
}

// The file holds the section `apiserver`, with or without its name around it, or lines copied from an environment.
function inApiserver(given: Given): Given {
  const [first = "", ...rest] = given.path
  const asVariable = pathOfVariable(first)
  if (asVariable !== null) return { ...given, path: [...asVariable, ...rest] }
  return /^(?:apiserver|hosts)$/i.test(first) ? given : { ...given, path: ["apiserver", ...given.path] }
}

function readLayer(layer: readonly Given[], { problems, warnings }: Notes): Map<string, Setting> {
  const found = new Map<string, Setting>()
  for (const given of layer) {
    const known = knownKey(given.path)
    if (known === null) {
      if (concerns(given.path).inside || isAlmostOurs(given.path))
        warnings.push(unknownKey(given.where, given.path))
      continue
    }
    if (given.value === null) continue
    const value = known.read(given.value)
    const other = found.get(known.key)
    const fault = known.fault ?? valueFault(given, known, value) ?? contradiction(value, other)
    if (fault !== null) problems.push(problemAt(given, fault))
    else if (value !== undefined)
      found.set(known.key, { known, value, variable: given.variable, line: given.line, where: given.where })
  }
  return found
}

function valueFault({ value }: Given, { expected }: KnownKey, read: SettingValue | undefined): string | null {
  return read === undefined ? `${shortened(canonicalJson(value))} does not fit; expected ${expected}` : null
}

function contradiction(value: SettingValue | undefined, other: Setting | undefined): string | null {
  const [mine, theirs] = [value, other?.value].map(one => canonicalJson(one ?? null))
  if (other === undefined || mine === theirs) return null
  return `says ${mine}, and ${other.where} says ${theirs} for the same key; keep one of them`
}

function problemAt({ variable, where, line }: Given, fault: string): SettingProblem {
  return { name: variable, message: where === variable ? fault : `${line}: ${fault}` }
}

function unknownKey(where: string, path: readonly string[]): string {
  const spelled = path.join(".")
  const near = nearestKey(path)
  const what = where.toUpperCase().includes("__") ? where : `${where}: ${spelled}`
  return `${what} is not known and has no effect; the nearest known key is ${variableOf(near)} (${near.join(".")})`
}

function apart<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter(item => !isFirst(item))]
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text
}
