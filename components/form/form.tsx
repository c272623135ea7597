"use client"

import { type ComponentProps, type RefObject, useEffect, useRef } from "react"
import { type FieldFaults, faultsIn, onlyFaults } from "./faults"
import type { Submission } from "./use-submit"

export interface FormProps
  extends Omit<ComponentProps<"form">, "onSubmit" | "method" | "noValidate" | "ref"> {
  readonly submission: Pick<Submission<never>, "failure" | "refuse">
  /** What the controls cannot say themselves: that one of several is to be ticked, that two belong together. */
  readonly check?: (data: FormData) => FieldFaults
  /** Hears what was typed once nothing is wrong with it that can be seen from here. */
  readonly onSend: (data: FormData) => void
  readonly ref?: RefObject<HTMLFormElement | null>
}

/**
 * Every form of the console: what can be checked here is checked before anything is sent, all faults are said at once, and
 * the focus goes to the first of them.
 */
export function Form({ submission, check, onSend, ref, ...props }: FormProps) {
  const { failure, refuse } = submission
  const own = useRef<HTMLFormElement>(null)
  const form = ref ?? own
  useEffect(() => {
    if (failure !== null) focusFirstFault(form.current)
  }, [failure, form])
  return (
    <form
      ref={form}
      noValidate
      // Should it be sent before the scripts are there, nothing secret gets into an address.
      method="post"
      {...props}
      onSubmit={event => {
        event.preventDefault()
        // React hands events of a portal to the form around it, which must not be sent by this one.
        event.stopPropagation()
        const data = new FormData(event.currentTarget)
        const faults = onlyFaults({ ...check?.(data), ...faultsIn(event.currentTarget) })
        if (faults === null) onSend(data)
        else refuse(faults)
      }}
    />
  )
}

const faulty = '[aria-invalid="true"], [data-invalid] :is(input, button, select, textarea):not(:disabled)'

function focusFirstFault(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>(faulty)?.focus()
}
