"use client"

import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from "react"
import { ProofContext } from "./proof-context"
import type { ProofDialogProps } from "./proof-dialog"

export interface ProofProviderProps extends Omit<ProofDialogProps, "onAnswer"> {
  readonly children: ReactNode
}

// Rarely needed, so no page loads it in advance.
const ProofDialog = lazy(() => import("./proof-dialog"))

/** Lets every form below ask for a recent proof; forms that ask while the dialog is open share its result. */
export function ProofProvider({ children, ...ways }: ProofProviderProps) {
  const waiting = useRef<((proven: boolean) => void)[]>([])
  const [asking, setAsking] = useState(false)
  const ask = useCallback(() => {
    setAsking(true)
    return new Promise<boolean>(resolve => waiting.current.push(resolve))
  }, [])
  const answer = (proven: boolean) => {
    setAsking(false)
    for (const resolve of waiting.current.splice(0)) resolve(proven)
  }
  return (
    <ProofContext value={ask}>
      {children}
      {asking ? (
        <Suspense fallback={null}>
          <ProofDialog {...ways} onAnswer={answer} />
        </Suspense>
      ) : null}
    </ProofContext>
  )
}
