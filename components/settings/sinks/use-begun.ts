import { type RefObject, useEffect, useRef, useState } from "react"

/** What a form begins with, while somebody else may save another version. */
export interface Begun<Value> {
  readonly begun: Value
  /** A newer version is there, and the form has text that it would replace. */
  readonly isOvertaken: boolean
  /** Begins again with that version. */
  readonly beginWith: (value: Value) => void
}

/** Returns the version that the form shows: the newest one until somebody changes a field, then the same one until they decide. */
export function useBegun<Value extends { readonly version: number }>(
  newest: Value,
  form: RefObject<HTMLFormElement | null>,
): Begun<Value> {
  const [begun, setBegun] = useState(newest)
  const untouched = useRef("")
  const isOlder = newest.version > begun.version
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another version the form is another one
  useEffect(() => {
    untouched.current = textOf(form.current)
  }, [begun.version, form])
  useEffect(() => {
    if (isOlder && textOf(form.current) === untouched.current) setBegun(newest)
  }, [isOlder, newest, form])
  return { begun, isOvertaken: isOlder, beginWith: setBegun }
}

/** What the fields hold, as text that can be compared. */
function textOf(form: HTMLFormElement | null): string {
  return form === null
    ? ""
    : JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]))
}
