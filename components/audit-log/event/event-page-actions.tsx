"use client"

import { Link2 } from "lucide-react"
import { Button } from "@/components/ui/button"
import { copyLink } from "./copy-link"

/** The actions on an event on its own page. */
export function EventPageActions() {
  return (
    <Button onClick={copyLink}>
      <Link2 aria-hidden="true" />
      Copy link
    </Button>
  )
}
