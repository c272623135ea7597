"use client"

import { ConnectionWatch } from "./connection-watch"
import { FocusKeeper } from "./focus-keeper"
import { NewVersion } from "./new-version"
import { SessionWatch } from "./session-watch"

/** What watches over every page of the console once it is on screen; none of it is needed to show the page. */
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
