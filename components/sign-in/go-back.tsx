"use client"

import { useEffect } from "react"
import { takeKeptPath } from "./way-back"

/** Goes on with the address that this tab kept. */
export function GoBack() {
  useEffect(() => window.location.replace(takeKeptPath()), [])
  return <p role="status">One moment: leading you back to where you were.</p>
}
