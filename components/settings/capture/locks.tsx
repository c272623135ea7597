"use client"

import { Lock } from "lucide-react"
import { createContext, use } from "react"
import { CopyButton } from "@/components/ui/copy-button"
import type { EnvironmentLine } from "@/lib/audit/capture/environment-lines"

/** A part of the policy that the environment sets, for every organization. */
export interface CaptureLock {
  /** Into the policy: `/default/data`. */
  readonly pointer: string
  readonly variable: string
  /** What to look for there: the line of the environment, or the file with its line. */
  readonly line: string
}

interface EnvironmentValue {
  readonly locks: readonly CaptureLock[]
  /** The lines that would set the draft. */
  readonly lines: readonly EnvironmentLine[]
  /** Whether each control shows its line. */
  readonly areLinesShown: boolean
}

/** What the environment sets or could set, for the controls. */
export const EnvironmentContext = createContext<EnvironmentValue>({
  locks: [],
  lines: [],
  areLinesShown: false,
})

/** Returns whether the environment sets what a control is for. */
export function useIsLocked(pointer: string): boolean {
  return use(EnvironmentContext).locks.some(lock => lock.pointer === pointer)
}

export interface EnvironmentNoteProps {
  /** Of the part of the policy; lines of what is inside it are shown too. */
  readonly pointer: string
  readonly label: string
}

/** Below a control: which variable has locked it, or the environment line that would set its value. */
export function EnvironmentNote({ pointer, label }: EnvironmentNoteProps) {
  const { locks, lines, areLinesShown } = use(EnvironmentContext)
  const own = locks.filter(lock => lock.pointer === pointer)
  if (own.length > 0) return own.map(lock => <LockNote key={lock.line} lock={lock} label={label} />)
  if (!areLinesShown) return null
  const settable = lines.filter(line => line.pointer === pointer || line.pointer.startsWith(`${pointer}/`))
  if (settable.length === 0)
    return <p className="text-xs text-muted-foreground">{label}: no environment key.</p>
  return settable.map(({ line }) => <LineText key={line} line={line} label={label} />)
}

function LockNote({ lock, label }: { readonly lock: CaptureLock; readonly label: string }) {
  return (
    <div className="grid min-w-0 gap-1 text-xs text-muted-foreground">
      <p className="flex items-start gap-1.5">
        <Lock aria-hidden="true" className="mt-px size-3.5 shrink-0" />
        <span className="min-w-0 wrap-anywhere">
          Set by <code className="font-data text-foreground">{lock.variable}</code> in the environment of the
          server, so it cannot be changed here.
        </span>
      </p>
      <LineText line={lock.line} label={label} />
    </div>
  )
}

function LineText({ line, label }: { readonly line: string; readonly label: string }) {
  return (
    <p className="flex min-w-0 items-center gap-1 text-xs text-muted-foreground">
      <code className="min-w-0 rounded-sm bg-muted px-1.5 py-0.5 font-data wrap-anywhere">{line}</code>
      <CopyButton value={line} label={`Copy the environment line: ${label}`} />
    </p>
  )
}
