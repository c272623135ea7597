"use client"

import { createContext, useContext } from "react"

/** Asks the person to prove who they are. Promise: whether they did. */
export type AskForProof = () => Promise<boolean>

/** Where a form finds whom to ask; without a provider the answer is no, and the refusal is shown in words. */
export const ProofContext = createContext<AskForProof>(() => Promise.resolve(false))

/** What asks for a fresh proof on this page. */
export function useAskForProof(): AskForProof {
  return useContext(ProofContext)
}
