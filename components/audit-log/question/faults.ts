import { type ParseContext, parseQuery } from "@/lib/audit/query/parse"
import { brokenEncoding } from "@/lib/audit/query/query-string"
import type { Fault } from "@/lib/errors"

/** Something in the page's address that was not understood, and the parameters without it. */
export interface AddressFault {
  /** The parameter, as it is spelled in the address. */
  readonly name: string
  /** What is wrong, as a sentence that begins with the value or the parameter. */
  readonly message: string
  /** The query string without what is wrong. */
  readonly remedy: string
}

type Parameter = readonly [name: string, value: string]

/** Promise: each fault with the way out of it: the same question without that value, and nothing else changed. */
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
 * The one value that is at fault by itself: for the parser, or named by the fault (an app that is none). A fault of several
 * parameters together takes all of that name with it.
 */
function withoutFault(
  parameters: readonly Parameter[],
  name: string,
  fault: Fault,
  context: ParseContext,
): readonly Parameter[] {
  // What could not be read is none of the parameters.
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
