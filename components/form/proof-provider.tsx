"use client"

import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from "react"
import { ProofContext } from "./proof-context"
import type { Submit } from "./use-submit"

export interface ProofProviderProps {
  readonly prove: Submit<unknown, { readonly password: string }>
  readonly email: string
  readonly children: ReactNode
}

// Few visits need it, so no page loads it beforehand.
const ProofDialog = lazy(() => import("./proof-dialog"))

/** Lets every form below ask for a fresh proof; all that ask while the question stands get the one answer. */
export function ProofProvider({ prove, email, children }: ProofProviderProps) {
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
          <ProofDialog prove={prove} email={email} onAnswer={answer} />
        </Suspense>
      ) : null}
    </ProofContext>
  )
}
