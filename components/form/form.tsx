"use client"

import { type ComponentProps, type RefObject, useEffect, useRef } from "react"
import { type FieldFaults, faultsIn, onlyFaults } from "./faults"
import type { Submission } from "./use-submit"

export interface FormProps
  extends Omit<ComponentProps<"form">, "onSubmit" | "method" | "noValidate" | "ref"> {
  readonly submission: Pick<Submission<never>, "failure" | "refuse">
  /** Constraints beyond a single control: that one of several must be checked, that two belong together. */
  readonly check?: (data: FormData) => FieldFaults
  /** Called with the data once the browser finds no fault in it. */
  readonly onSend: (data: FormData) => void
  readonly ref?: RefObject<HTMLFormElement | null>
}

/** Every form of the console: it validates before anything is sent, shows all faults at once, and focuses the first one. */
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
      // If it is sent before the scripts are loaded, no secret gets into a url.
      method="post"
      {...props}
      onSubmit={event => {
        event.preventDefault()
        // React passes events of a portal to the form around it, which must not be sent by this one.
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
