import { emailFault } from "@/lib/access/email"

/** The messages for some fields, by the name of the input; undefined for a valid field. */
export type FieldFaults = Readonly<Record<string, string | undefined>>

/** A control of a form: its value, and its constraints. */
export interface Typed {
  readonly value: string
  readonly isRequired?: boolean
  /** Shown when it is required and empty. */
  readonly missing?: string
  readonly isEmail?: boolean
  /** Spaces count: a password. */
  readonly isSecret?: boolean
  /** In characters, as the server counts them: without surrounding spaces. */
  readonly limit?: number
  readonly least?: number
}

/** Returns what is wrong with the value, as far as the browser can tell before sending; null when nothing is. */
export function faultOf({ value, isSecret, ...asked }: Typed): string | null {
  const { isRequired, missing, isEmail, limit, least } = asked
  const text = isSecret ? value : value.trim()
  if (text === "") return isRequired ? (missing ?? "Fill this in.") : null
  if (limit !== undefined && text.length > limit) return tooLong(text.length, limit)
  if (least !== undefined && [...value].length < least) return `Use at least ${least} characters.`
  const fault = isEmail ? emailFault(text) : null
  return fault === null ? null : `${text} ${fault}.`
}

/** Returns the message for a text that is too long. */
export function tooLong(characters: number, limit: number): string {
  return `Use at most ${limit} characters; these are ${characters}.`
}

/** Returns the messages for all invalid controls of the form. Each control declares its own constraints. */
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

/** The name of a control in the DOM; a select is never read-only. */
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

/** Returns the faults without the valid fields; null when all are valid. */
export function onlyFaults(faults: FieldFaults): Readonly<Record<string, string>> | null {
  const wrong = Object.entries(faults).flatMap(([field, words]) => (words ? [[field, words] as const] : []))
  return wrong.length === 0 ? null : Object.fromEntries(wrong)
}
