"use client"

import { CircleAlert, X } from "lucide-react"
import { type KeyboardEvent, useRef } from "react"
import { cn } from "@/components/ui/cn"
import { Field } from "@/components/ui/field"
import { judgeAddresses, splitAddresses, type TypedAddress, takeFinished } from "./addresses"

/** The content of the field: the complete emails, and the text that is being typed. */
export interface Emails {
  readonly finished: readonly string[]
  readonly typed: string
}

export interface EmailsFieldProps {
  readonly emails: Emails
  readonly onChange: (emails: Emails) => void
  readonly error: string | undefined
}

/** Returns every email of the field, including the one that is being typed. */
export function allAddresses({ finished, typed }: Emails): readonly string[] {
  return [...finished, ...splitAddresses(typed)]
}

/** A field for several emails: each becomes a chip that shows whether it is valid. */
export function EmailsField({ emails, onChange, error }: EmailsFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const { finished, typed } = emails
  const type = (text: string) => {
    const { finished: added, rest } = takeFinished(text)
    onChange({ finished: [...finished, ...added], typed: rest })
  }
  const finish = () => onChange({ finished: allAddresses(emails), typed: "" })
  const remove = (position: number) => {
    onChange({ finished: finished.filter((_, other) => other !== position), typed })
    input.current?.focus()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && typed.trim() !== "") {
      event.preventDefault()
      finish()
    }
    if (event.key === "Backspace" && typed === "" && finished.length > 0) remove(finished.length - 1)
  }
  return (
    <Field
      label="Emails"
      error={error}
      description="One or several: type or paste them, parted by commas, spaces or lines."
    >
      {control => (
        <div
          className={cn(
            "flex max-h-40 min-h-8 flex-wrap items-center gap-1 overflow-y-auto rounded-md border border-input bg-card p-0.5 transition-colors",
            "hover:border-foreground/60 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:-outline-offset-1 has-[input:focus-visible]:outline-ring",
            error && "border-failure",
          )}
        >
          <Chips addresses={judgeAddresses(finished)} onRemove={remove} />
          <input
            {...control}
            ref={input}
            name="emails"
            type="text"
            inputMode="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={typed}
            className="h-6 min-w-48 flex-1 bg-transparent px-1.5 outline-none pointer-coarse:text-lg"
            onChange={event => type(event.target.value)}
            onKeyDown={press}
            onPaste={event => {
              // A single-line text box would drop the line breaks of a list.
              event.preventDefault()
              const pasted = splitAddresses(`${typed}${event.clipboardData.getData("text")}`)
              onChange({ finished: [...finished, ...pasted], typed: "" })
            }}
          />
        </div>
      )}
    </Field>
  )
}

interface ChipsProps {
  readonly addresses: readonly TypedAddress[]
  readonly onRemove: (position: number) => void
}

function Chips({ addresses, onRemove }: ChipsProps) {
  if (addresses.length === 0) return null
  return (
    <ul aria-label="Addresses" className="contents">
      {addresses.map(({ email, fault, key }, position) => (
        <li
          key={key}
          title={fault ? `${email} ${fault}` : undefined}
          className={cn(
            "flex h-6 max-w-full items-center gap-1 rounded-sm pr-0.5 pl-2 text-sm",
            fault ? "bg-failure-soft text-failure" : "bg-accent",
          )}
        >
          {fault ? <CircleAlert aria-hidden="true" className="size-3.5 shrink-0" /> : null}
          <span className="truncate">{email}</span>
          {fault ? <span className="sr-only">{fault}</span> : null}
          <button
            type="button"
            aria-label={`Remove ${email}`}
            className="grid size-5 shrink-0 place-items-center rounded-sm hover:bg-foreground/10"
            onClick={() => onRemove(position)}
          >
            <X aria-hidden="true" className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  )
}
