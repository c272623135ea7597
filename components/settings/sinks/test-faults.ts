import type { Submit } from "@/components/form/use-submit"

/** Returns the same action with faults that point to the inputs of the form: `/name` instead of `/draft/name`. */
export function withoutDraft<Output, Input>(action: Submit<Output, Input>): Submit<Output, Input> {
  return async input => {
    const result = await action(input)
    if (result.ok) return result
    const faults = result.faults.map(fault => ({
      ...fault,
      pointer: fault.pointer.replace(/^\/draft(?=\/)/, ""),
    }))
    return { ...result, faults }
  }
}
