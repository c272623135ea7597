"use client"

import { useEffect } from "react"
import { takeKeptPath } from "./way-back"

/** Continues with the url that this tab stored. */
export function GoBack() {
  useEffect(() => window.location.replace(takeKeptPath()), [])
  return <p role="status">One moment: leading you back to where you were.</p>
}
