import { clarifaiOperations, consoleOperations } from "./catalogue-entries"

/** What is known of an operation by its name alone. */
export interface OperationDescription {
  readonly name: string
  readonly code?: number
  readonly family: string
  readonly description: string
}

/** Promise: every operation of the catalogue, in its order. */
export const knownOperations: readonly OperationDescription[] = [
  ...clarifaiOperations.map(([code, name, family, description]) => ({ name, code, family, description })),
  ...consoleOperations.map(([name, family, description]) => ({ name, family, description })),
]

const byName = new Map(knownOperations.map(known => [known.name, known]))
const byCode = new Map(
  knownOperations.flatMap(known => (known.code === undefined ? [] : [[known.code, known]])),
)

/** Promise: the catalogue's description; for a name it does not have, one made from the name's own words. */
export function describeOperation(name: string): OperationDescription {
  return byName.get(name) ?? { name, family: resourceOf(name), description: sentenceOf(name) }
}

/** Promise: the operation of a Clarifai event code, or null. */
export function operationByCode(code: number): OperationDescription | null {
  return byCode.get(code) ?? null
}

function resourceOf(name: string): string {
  const dot = name.indexOf(".")
  return dot === -1 ? name : name.slice(0, dot)
}

/** `invoice_line.mark_paid` reads "Invoice line: mark paid". */
function sentenceOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").split(".")
  const verb = words.pop() ?? ""
  const sentence = words.length === 0 ? verb : `${words.join(" ")}: ${verb}`
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
