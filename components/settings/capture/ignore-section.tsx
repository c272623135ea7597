"use client"

import { X } from "lucide-react"
import { type KeyboardEvent, useRef, useState } from "react"
import { Button } from "@/components/ui/button"
import { Field } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import type { CapturePolicy } from "@/lib/audit/capture/policy"
import { entriesOf } from "./draft"
import { useDraft } from "./draft-context"
import { EnvironmentNote } from "./locks"
import { CaptureSection } from "./section"
import { formatCount } from "./words"

export interface IgnoreSectionProps {
  /** The policy that the figures are about. */
  readonly saved: CapturePolicy
}

/** The paths that are never recorded, with how many calls each of them keeps out. */
export function IgnoreSection({ saved }: IgnoreSectionProps) {
  const { policy, change, faults, figures } = useDraft()
  const aDay = new Map(
    saved.ignore.map((path, index) => [path, (figures?.counted.ignored[index] ?? 0) / (figures?.days ?? 1)]),
  )
  const list = useRef<HTMLUListElement>(null)
  const remove = (index: number) => {
    change({ ignore: policy.ignore.filter((_, place) => place !== index) })
    // The focus stays in the list, so that several can be removed by keyboard.
    const buttons = list.current?.querySelectorAll("button") ?? []
    const next = buttons[index + 1] ?? buttons[index - 1]
    next?.focus()
  }
  return (
    <CaptureSection
      id="capture-ignore"
      title="Ignored paths"
      description="Calls of these paths leave no entry. A path is exact unless it ends in *; a version such as /v1.41 before it does not count."
    >
      {policy.ignore.length === 0 ? (
        <p className="text-sm text-muted-foreground">No path is ignored.</p>
      ) : (
        <ul ref={list} className="grid gap-x-6 sm:grid-cols-2">
          {policy.ignore.map((path, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a path may be there twice until it is saved
              key={index}
              className="flex min-w-0 items-center gap-3 border-b py-1"
            >
              <code className="min-w-0 flex-1 font-data text-sm wrap-anywhere">{path}</code>
              <Dropped count={figures === null ? undefined : aDay.get(path)} />
              <Button
                variant="ghost"
                size="icon-xs"
                aria-label={`Remove ${path}`}
                onClick={() => remove(index)}
              >
                <X aria-hidden="true" />
              </Button>
              {faults.has(`/ignore/${index}`) ? (
                <span className="text-xs text-failure">{faults.get(`/ignore/${index}`)}</span>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      <AddPath
        known={policy.ignore}
        error={faults.get("/ignore")}
        onAdd={paths => change({ ignore: [...policy.ignore, ...paths] })}
      />
      <EnvironmentNote pointer="/ignore" label="Ignored paths" />
    </CaptureSection>
  )
}

function Dropped({ count }: { readonly count: number | undefined }) {
  if (count === undefined) return null
  const shown = count > 0 && count < 1 ? "under 1" : formatCount(count)
  return <span className="text-xs whitespace-nowrap text-muted-foreground">{shown} calls a day</span>
}

interface AddPathProps {
  readonly known: readonly string[]
  readonly error: string | undefined
  readonly onAdd: (paths: readonly string[]) => void
}

function AddPath({ known, error, onAdd }: AddPathProps) {
  const [typed, setTyped] = useState("")
  const [fault, setFault] = useState<string | null>(null)
  const add = () => {
    const paths = entriesOf(typed).filter(path => !known.includes(path))
    const wrong = entriesOf(typed).find(path => pathFault(path) !== null)
    if (wrong !== undefined) return setFault(pathFault(wrong))
    setTyped("")
    setFault(null)
    if (paths.length > 0) onAdd(paths)
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return
    event.preventDefault()
    add()
  }
  return (
    <Field label="Ignore another path" error={fault ?? error} className="max-w-md">
      {control => (
        <span className="flex gap-2">
          <Input
            {...control}
            value={typed}
            placeholder="/healthz or /static/*"
            className="font-data"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={event => setTyped(event.target.value)}
            onKeyDown={press}
          />
          <Button onClick={add}>Add</Button>
        </span>
      )}
    </Field>
  )
}

/** Returns what is wrong with a path pattern; null when nothing is. The server checks again. */
export function pathFault(path: string): string | null {
  if (!path.startsWith("/")) return `${path} does not begin with a slash.`
  if (path.slice(0, -1).includes("*")) return `${path} has a * that is not at the end.`
  if (/[?#\s]/.test(path)) return `${path} is not a path: it contains a space, ? or #.`
  return null
}
