"use client"

import { useCallback, useEffect, useRef, useState } from "react"
import { useAccess } from "@/components/audit-log/access-context"
import { type FetchFailure, readFailure, unreachable } from "@/components/audit-log/request"
import { fileNameOf, saveFile } from "@/components/files/save-file"
import { createRowCounter, type ExportFormat } from "./row-count"

export type ExportState =
  | { readonly stage: "idle" }
  | { readonly stage: "running"; readonly rows: number }
  | { readonly stage: "done"; readonly rows: number; readonly fileName: string }
  | { readonly stage: "failed"; readonly rows: number; readonly failure: FetchFailure }

export interface Export {
  readonly state: ExportState
  readonly start: (address: string, format: ExportFormat) => void
  readonly cancel: () => void
}

/** The minimum time between two updates of the progress. */
const newsEveryMs = 100
/** From this size on, bytes are passed to the browser, which keeps them on disk rather than in the page's memory. */
const handOverBytes = 4 * 1024 * 1024

/**
 * Downloads an export, counts its events while they arrive, and saves it as a file once it is complete. An incomplete file
 * is never saved: half an export looks like a whole one.
 */
export function useExport(): Export {
  const { findLoss } = useAccess()
  const [state, setState] = useState<ExportState>({ stage: "idle" })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const start = useCallback(
    (address: string, format: ExportFormat) => {
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      const isCurrent = () => running.current === controller && !controller.signal.aborted
      let rows = 0
      setState({ stage: "running", rows })
      const tell = (count: number) => {
        rows = count
        if (isCurrent()) setState({ stage: "running", rows })
      }
      // A response that breaks off may mean that the permission was removed meanwhile: the page then says so.
      const fail = (failure: FetchFailure) => {
        setState({ stage: "failed", rows, failure })
        findLoss(failure)
      }
      download(address, format, { signal: controller.signal, tell })
        .then(file => {
          if (!isCurrent()) return
          if ("failure" in file) return fail(file.failure)
          saveFile(file.name, file.content)
          setState({ stage: "done", rows: file.rows, fileName: file.name })
        })
        .catch(error => {
          if (isCurrent()) fail(unreachable(error))
        })
    },
    [findLoss],
  )

  const cancel = useCallback(() => {
    running.current?.abort()
    running.current = undefined
    setState({ stage: "idle" })
  }, [])
  return { state, start, cancel }
}

interface ExportFile {
  readonly name: string
  readonly rows: number
  readonly content: Blob
}

interface Watching {
  readonly signal: AbortSignal
  readonly tell: (rows: number) => void
}

async function download(
  address: string,
  format: ExportFormat,
  { signal, tell }: Watching,
): Promise<ExportFile | { readonly failure: FetchFailure }> {
  const response = await fetch(address, { signal })
  if (!response.ok || !response.body) return { failure: await readFailure(response) }
  const counter = createRowCounter(format)
  const parts: BlobPart[] = []
  let pending: BlobPart[] = []
  let pendingBytes = 0
  let rows = 0
  let toldAt = 0
  const reader = response.body.getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    rows = counter.count(next.value)
    pending.push(next.value)
    pendingBytes += next.value.length
    if (pendingBytes >= handOverBytes) {
      parts.push(new Blob(pending))
      pending = []
      pendingBytes = 0
    }
    if (performance.now() - toldAt > newsEveryMs) {
      toldAt = performance.now()
      tell(rows)
    }
  }
  const type = response.headers.get("content-type") ?? "application/octet-stream"
  return {
    name: fileNameOf(response, `audit-log.${format}`),
    rows,
    content: new Blob([...parts, ...pending], { type }),
  }
}
