"use client"

import { RotateCw } from "lucide-react"
import { useRouter } from "next/navigation"
import { useTransition } from "react"
import { Button } from "@/components/ui/button"

/** Reads the page again where it is: the figures are those of the time when it was opened. */
export function RefreshButton() {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  return (
    <Button pending={pending} onClick={() => startTransition(() => router.refresh())}>
      <RotateCw aria-hidden="true" />
      Refresh
    </Button>
  )
}
