"use client"

import { createContext, useContext } from "react"

/** Asks the person to prove their identity. Returns whether they did. */
export type AskForProof = () => Promise<boolean>

/** Where a form gets the function that asks; without a provider the result is false, and the refusal is shown in words. */
export const ProofContext = createContext<AskForProof>(() => Promise.resolve(false))

/** Returns the function that asks for a recent proof on this page. */
export function useAskForProof(): AskForProof {
  return useContext(ProofContext)
}
