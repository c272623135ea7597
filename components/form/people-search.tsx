"use client"

import { useState, useTransition } from "react"
import { SearchField } from "@/components/ui/search-field"
import { type Submit, sortFaults } from "./use-submit"

/** A member of the organization who can be chosen. */
export interface Person {
  readonly personId: string
  readonly name: string
  readonly email: string
  readonly status: string
}

/** The members that a dialog offers, and its search for others. */
export interface People {
  /** The members of the organization; only the first of them when there are very many. */
  readonly members: readonly Person[]
  /** True when there are more than `members`. */
  readonly isCut: boolean
  readonly find: Submit<{ readonly members: readonly Person[] }, { readonly search: string }>
}

/** The members that are currently offered, and the search that changes them. */
export interface Offered {
  readonly members: readonly Person[]
  readonly typed: string
  readonly look: (search: string) => void
  readonly fault: string | null
}

/** The members to offer: all, or of very many those that a search of the server finds. */
export function useOffered({ members, isCut, find }: People): Offered {
  const [typed, setTyped] = useState("")
  const [found, setFound] = useState(members)
  const [fault, setFault] = useState<string | null>(null)
  const [, start] = useTransition()
  const look = (search: string) => {
    setTyped(search)
    start(async () => {
      const answer = await find({ search })
      setFault(answer.ok ? null : sortFaults(answer, []).message)
      if (answer.ok) setFound(answer.value.members)
    })
  }
  return { members: isCut ? found : members, typed, look, fault }
}

/** The search of a list that shows only the first of very many members. */
export function PeopleSearch({ members, typed, look, fault }: Offered) {
  return (
    <>
      <p className="text-sm text-muted-foreground text-pretty">
        There are very many members: these are the first {members.length.toLocaleString("en")} by name.
      </p>
      <SearchField label="Search all members" value={typed} onChange={look} />
      {fault ? (
        <p role="alert" className="text-xs text-failure">
          {fault}
        </p>
      ) : null}
    </>
  )
}
