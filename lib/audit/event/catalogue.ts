import type { Act } from "./acts"
import { clarifaiOperations, consoleOperations, platformOperations } from "./catalogue-entries"

/** What is known of an operation by its name alone. */
export interface OperationDescription {
  readonly name: string
  readonly code?: number
  readonly family: string
  readonly description: string
}

/** An operation of the catalogue. */
export interface KnownOperation extends OperationDescription {
  /** What somebody does, in the infinitive and for one thing: "delete model". Shown, never stored. */
  readonly act: Act
}

/** Every operation of the catalogue, in its order. */
export const knownOperations: readonly KnownOperation[] = [
  ...clarifaiOperations.map(([code, name, family, description, act]) => ({
    name,
    code,
    family,
    description,
    act,
  })),
  ...[...consoleOperations, ...platformOperations].map(([name, family, description, act]) => ({
    name,
    family,
    description,
    act,
  })),
]

const byName = new Map(knownOperations.map(known => [known.name, known]))
const byCode = new Map(
  knownOperations.flatMap(known => (known.code === undefined ? [] : [[known.code, known]])),
)

/** Returns the catalogue's description; for a name it does not have, one made from the name's own words. */
export function describeOperation(name: string): OperationDescription {
  const known = byName.get(name)
  return known ? described(known) : { name, family: resourceOf(name), description: wordsOf(name) }
}

/** Returns the operation of that name, or null when the catalogue does not have it. */
export function operationByName(name: string): KnownOperation | null {
  return byName.get(name) ?? null
}

/** Returns the operation of a Clarifai event code, or null. */
export function operationByCode(code: number): OperationDescription | null {
  const known = byCode.get(code)
  return known ? described(known) : null
}

/** What becomes content of events: not the act, which is only shown. */
function described({ act: _act, ...description }: KnownOperation): OperationDescription {
  return description
}

function resourceOf(name: string): string {
  const dot = name.indexOf(".")
  return dot === -1 ? name : name.slice(0, dot)
}

/** `invoice_line.mark_paid` reads "Invoice line: mark paid". */
function wordsOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").split(".")
  const verb = words.pop() ?? ""
  const sentence = words.length === 0 ? verb : `${words.join(" ")}: ${verb}`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
