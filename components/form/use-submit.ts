"use client"

import { useRef, useState } from "react"
import type { ActionResult } from "@/lib/http/action"
import { type AskForProof, useAskForProof } from "./proof-context"

/** The action of a form: an operation behind a server action, with the organization already bound. */
export type Submit<Output = unknown, Input = unknown> = (input: Input) => Promise<ActionResult<Output>>

/** The faults of the last attempt, sorted for display. */
export interface Failure {
  /** For the form as a whole; null when every fault has its own field. */
  readonly message: string | null
  /** The messages of each field, by the name of the input. */
  readonly byField: Readonly<Record<string, string>>
  readonly retryAfterSeconds: number | undefined
}

export interface Submission<Input> {
  readonly pending: boolean
  readonly failure: Failure | null
  readonly submit: (input: Input) => void
  /** Shows the faults of some fields before anything was sent. */
  readonly refuse: (byField: Failure["byField"]) => void
  readonly clear: () => void
}

const unreachable: Failure = {
  message: "The server could not be reached. Nothing was changed as far as we know; check, then try again.",
  byField: {},
  retryAfterSeconds: undefined,
}

/**
 * Sends a form to its action, and sorts the result. When the operation requires a recent proof, the person is asked for it
 * and the same input is sent again. `fields` are those that can show their own messages.
 */
export function useSubmit<Output, Input>(
  action: Submit<Output, Input>,
  fields: readonly string[],
  onDone: (value: Output) => void,
): Submission<Input> {
  // Plain state on purpose: in a transition React would let this form wait for every other one, including that of the
  // proof.
  const [pending, setPending] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [thrown, setThrown] = useState<unknown>(null)
  const underWay = useRef(false)
  const askForProof = useAskForProof()
  const send = async (input: Input) => {
    const outcome = await perform(proving(action, askForProof), input, fields)
    setFailure(outcome.failure)
    if (outcome.done) onDone(outcome.value)
  }
  const submit = (input: Input) => {
    if (underWay.current) return
    underWay.current = true
    setPending(true)
    void send(input)
      .catch(setThrown)
      .finally(() => {
        underWay.current = false
        setPending(false)
      })
  }
  // A redirect is thrown as an error that the framework handles.
  if (thrown !== null) throw thrown
  const refuse = (byField: Failure["byField"]) =>
    setFailure({ message: null, byField, retryAfterSeconds: undefined })
  return { pending, failure, submit, refuse, clear: () => setFailure(null) }
}

/** Returns the same action, but a result that requires a proof asks for it and, when it is given, sends again. */
export function proving<Output, Input>(
  action: Submit<Output, Input>,
  askForProof: AskForProof,
): Submit<Output, Input> {
  return async input => {
    const result = await action(input)
    if (result.ok || result.code !== "proof-required") return result
    return (await askForProof()) ? action(input) : result
  }
}

type Outcome<Output> =
  | { readonly done: true; readonly value: Output; readonly failure: null }
  | { readonly done: false; readonly failure: Failure }

async function perform<Output, Input>(
  action: Submit<Output, Input>,
  input: Input,
  fields: readonly string[],
): Promise<Outcome<Output>> {
  try {
    const result = await action(input)
    if (result.ok) return { done: true, value: result.value, failure: null }
    return { done: false, failure: sortFaults(result, fields) }
  } catch (error) {
    // A redirect is thrown as an error that the framework handles.
    if (isFrameworkError(error)) throw error
    return { done: false, failure: unreachable }
  }
}

/**
 * Returns the faults of known fields by field, and everything else in the message, each text once and nothing lost. Texts
 * with pointers into the input are for programs: for people the faults contain them.
 */
export function sortFaults(
  refused: Extract<ActionResult<unknown>, { ok: false }>,
  fields: readonly string[],
): Failure {
  const byField = new Map<string, Set<string>>()
  const rest = new Set<string>()
  for (const { pointer, message } of refused.faults) {
    const field = fields.find(name => pointer === `/${name}` || pointer.startsWith(`/${name}/`))
    if (field === undefined) rest.add(message)
    else byField.set(field, (byField.get(field) ?? new Set()).add(message))
  }
  const covered = byField.size > 0 && rest.size === 0
  const isForPrograms = refused.faults.some(
    ({ pointer }) => pointer !== "" && refused.message.includes(pointer),
  )
  const saidByFaults = isForPrograms && rest.size > 0
  return {
    message: covered ? null : inSentences(saidByFaults ? rest : new Set([refused.message, ...rest])),
    byField: Object.fromEntries([...byField].map(([field, messages]) => [field, inSentences(messages)])),
    retryAfterSeconds: refused.retryAfterSeconds,
  }
}

function inSentences(messages: ReadonlySet<string>): string {
  return [...messages].join(" ")
}

function isFrameworkError(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "digest" in error &&
    String(error.digest).startsWith("NEXT_")
  )
}
