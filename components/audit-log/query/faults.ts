import { type ParseContext, parseQuery } from "@/lib/audit/query/parse"
import { brokenEncoding } from "@/lib/audit/query/query-string"
import type { Fault } from "@/lib/errors"

/** An invalid part of the page's url, and the parameters without it. */
export interface AddressFault {
  /** The parameter, as written in the url. */
  readonly name: string
  /** What is wrong, as a sentence that begins with the value or the parameter. */
  readonly message: string
  /** The query string without the invalid part. */
  readonly remedy: string
}

type Parameter = readonly [name: string, value: string]

/** Returns each fault with its remedy: the same query without that value. */
export function locateFaults(
  parameters: readonly Parameter[],
  faults: readonly Fault[],
  context: ParseContext,
): readonly AddressFault[] {
  return faults.map(fault => {
    const name = unescapePointer(fault.pointer)
    return { name, message: fault.message, remedy: write(withoutFault(parameters, name, fault, context)) }
  })
}

/**
 * Returns the one value that causes the fault: for the parser, or named by the fault (an unknown app). A fault of several
 * parameters together removes all with that name.
 */
function withoutFault(
  parameters: readonly Parameter[],
  name: string,
  fault: Fault,
  context: ParseContext,
): readonly Parameter[] {
  // What could not be decoded is not among the parameters.
  if (fault.message === brokenEncoding) return parameters
  const isAtFault = (parameter: Parameter) => {
    if (parameter[0] !== name) return false
    const alone = parseQuery([parameter], context)
    if (!alone.ok) return alone.faults.some(other => other.message === fault.message)
    return fault.message.startsWith(`${JSON.stringify(parameter[1])} `)
  }
  const kept = parameters.filter(parameter => !isAtFault(parameter))
  return kept.length < parameters.length ? kept : parameters.filter(parameter => parameter[0] !== name)
}

function write(parameters: readonly Parameter[]): string {
  const search = new URLSearchParams()
  for (const [name, value] of parameters) search.append(name, value)
  return search.toString()
}

function unescapePointer(pointer: string): string {
  return pointer.slice(1).replaceAll("~1", "/").replaceAll("~0", "~")
}
