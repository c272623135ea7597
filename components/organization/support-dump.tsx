"use client"

import { useState } from "react"
import { readFailure, unreachable } from "@/components/audit-log/request"
import { fileNameOf, saveFile } from "@/components/files/save-file"
import { type AskForProof, useAskForProof } from "@/components/form/proof-context"
import { Alert } from "@/components/ui/alert"
import { Button } from "@/components/ui/button"

export interface SupportDumpProps {
  /** Where the dump is created. */
  readonly address: string
}

type State =
  | { readonly stage: "idle" | "running" }
  | { readonly stage: "saved"; readonly fileName: string }
  | { readonly stage: "failed"; readonly message: string }

/** The button that creates a support dump and saves it as a file. A proof of identity is asked for when one is needed. */
export function SupportDump({ address }: SupportDumpProps) {
  const askForProof = useAskForProof()
  const [state, setState] = useState<State>({ stage: "idle" })
  const start = async () => {
    setState({ stage: "running" })
    setState(await create(address, askForProof))
  }
  return (
    <div className="grid justify-items-start gap-3">
      <Button pending={state.stage === "running"} onClick={start}>
        Create support dump
      </Button>
      <p role="status" className="text-sm text-muted-foreground empty:hidden">
        {state.stage === "running" ? "Creating the file…" : null}
        {state.stage === "saved" ? `${state.fileName} was saved.` : null}
      </p>
      {state.stage === "failed" ? (
        <Alert tone="failure" role="alert">
          {state.message}
        </Alert>
      ) : null}
    </div>
  )
}

async function create(address: string, askForProof: AskForProof): Promise<State> {
  try {
    let response = await fetch(address, { method: "POST" })
    let failure = response.ok ? null : await readFailure(response)
    if (failure?.code === "proof-required" && (await askForProof())) {
      response = await fetch(address, { method: "POST" })
      failure = response.ok ? null : await readFailure(response)
    }
    if (failure) return { stage: "failed", message: failure.message }
    const fileName = fileNameOf(response, "support-dump.zip")
    // Saved when it is complete: half of an archive cannot be opened.
    saveFile(fileName, await response.blob())
    return { stage: "saved", fileName }
  } catch (error) {
    return { stage: "failed", message: unreachable(error).message }
  }
}
