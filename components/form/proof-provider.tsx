"use client"

import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from "react"
import { ProofContext } from "./proof-context"
import type { ProofDialogProps } from "./proof-dialog"

export interface ProofProviderProps extends Omit<ProofDialogProps, "onAnswer"> {
  readonly children: ReactNode
}

// Few visits need it, so no page loads it beforehand.
const ProofDialog = lazy(() => import("./proof-dialog"))

/** Lets every form below ask for a fresh proof; all that ask while the question stands get the one answer. */
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
