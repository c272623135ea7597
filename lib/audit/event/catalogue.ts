import type { Act } from "./acts"
import { capturedOperations } from "./captured-operations"
import { clarifaiOperations, consoleOperations, platformOperations } from "./catalogue-entries"

/** What is known about an operation from its name alone. */
export interface OperationDescription {
  readonly name: string
  readonly code?: number
  readonly family: string
  readonly description: string
}

/** An operation of the catalogue. */
export interface KnownOperation extends OperationDescription {
  /** What somebody does, in the infinitive and for one object: "delete model". Displayed, never stored. */
  readonly act: Act
}

/** All operations of the catalogue, in order. */
export const knownOperations: readonly KnownOperation[] = [
  ...clarifaiOperations.map(([code, name, family, description, act]) => ({
    name,
    code,
    family,
    description,
    act,
  })),
  ...[...consoleOperations, ...platformOperations, ...capturedOperations].map(
    ([name, family, description, act]) => ({
      name,
      family,
      description,
      act,
    }),
  ),
]

const byName = new Map(knownOperations.map(known => [known.name, known]))
const byCode = new Map(
  knownOperations.flatMap(known => (known.code === undefined ? [] : [[known.code, known]])),
)

/** Returns the catalogue's description; for an unknown name, one built from the words of the name. */
export function describeOperation(name: string): OperationDescription {
  const known = byName.get(name)
  return known ? described(known) : { name, family: resourceOf(name), description: wordsOf(name) }
}

/** Returns the operation with that name, or null when the catalogue does not contain it. */
export function operationByName(name: string): KnownOperation | null {
  return byName.get(name) ?? null
}

/** Returns the operation with that Clarifai event code, or null. */
export function operationByCode(code: number): OperationDescription | null {
  const known = byCode.get(code)
  return known ? described(known) : null
}

/** What becomes content of events: everything but the act, which is only displayed. */
function described({ act: _act, ...description }: KnownOperation): OperationDescription {
  return description
}

function resourceOf(name: string): string {
  const dot = name.indexOf(".")
  return dot === -1 ? name : name.slice(0, dot)
}

/** Turns `invoice_line.mark_paid` into "Invoice line: mark paid". */
function wordsOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").split(".")
  const verb = words.pop() ?? ""
  const sentence = words.length === 0 ? verb : `${words.join(" ")}: ${verb}`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
