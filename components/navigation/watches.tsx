"use client"

import { ConnectionWatch } from "./connection-watch"
import { FocusKeeper } from "./focus-keeper"
import { NewVersion } from "./new-version"
import { SessionWatch } from "./session-watch"

/** The watchers of every page of the console; none of them is needed to show the page. */
export default function Watches({ email }: { readonly email: string }) {
  return (
    <>
      <FocusKeeper />
      <SessionWatch email={email} />
      <NewVersion />
      <ConnectionWatch />
    </>
  )
}
