import { emailFault } from "@/lib/access/email"

/** The words for some fields, by the name of the input; undefined for a field that is fine. */
export type FieldFaults = Readonly<Record<string, string | undefined>>

/** A control of a form: what is in it, and what it asks for. */
export interface Typed {
  readonly value: string
  readonly isRequired?: boolean
  /** Said when it is required and empty. */
  readonly missing?: string
  readonly isEmail?: boolean
  /** Spaces are part of it: a password. */
  readonly isSecret?: boolean
  /** In characters, as the server counts them: without the spaces around. */
  readonly limit?: number
  readonly least?: number
}

/** Returns what is wrong with what was typed, as far as one can see before it is sent; null when nothing is. */
export function faultOf({ value, isSecret, ...asked }: Typed): string | null {
  const { isRequired, missing, isEmail, limit, least } = asked
  const text = isSecret ? value : value.trim()
  if (text === "") return isRequired ? (missing ?? "Fill this in.") : null
  if (limit !== undefined && text.length > limit) return tooLong(text.length, limit)
  if (least !== undefined && [...value].length < least) return `Use at least ${least} characters.`
  const fault = isEmail ? emailFault(text) : null
  return fault === null ? null : `${text} ${fault}.`
}

/** Returns the words for a text that is too long. */
export function tooLong(characters: number, limit: number): string {
  return `Use at most ${limit} characters; these are ${characters}.`
}

/** Returns the words for each control of the form that cannot be sent as it is. A control says what it asks for itself. */
export function faultsIn(form: HTMLFormElement): Readonly<Record<string, string>> {
  const faults: Record<string, string> = {}
  for (const control of form.elements) {
    if (!isTextControl(control) || control.name === "" || control.disabled || control.readOnly) continue
    const { missing, limit, least, field = control.name } = control.dataset
    const fault = faultOf({
      value: control.value,
      isRequired: control.required,
      isEmail: control.type === "email",
      isSecret: control.autocomplete.endsWith("-password"),
      ...(missing !== undefined && { missing }),
      ...(limit !== undefined && { limit: Number(limit) }),
      ...(least !== undefined && { least: Number(least) }),
    })
    if (fault !== null) faults[field] ??= fault
  }
  return faults
}

/** The name of a control as the DOM knows it; a list to choose from is never read-only. */
interface TextControl {
  readonly name: string
  readonly value: string
  readonly type: string
  readonly required: boolean
  readonly disabled: boolean
  readonly autocomplete: string
  readonly readOnly?: boolean
  readonly dataset: DOMStringMap
}

function isTextControl(element: Element): element is Element & TextControl {
  const isTick = element instanceof HTMLInputElement && /^(checkbox|radio|hidden)$/.test(element.type)
  if (isTick) return false
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  )
}

/** Returns the faults without the fields that are fine; null when all are. */
export function onlyFaults(faults: FieldFaults): Readonly<Record<string, string>> | null {
  const wrong = Object.entries(faults).flatMap(([field, words]) => (words ? [[field, words] as const] : []))
  return wrong.length === 0 ? null : Object.fromEntries(wrong)
}
