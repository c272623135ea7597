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

/** Whom a dialog can offer, and how it looks for others. */
export interface People {
  /** Everybody who belongs to the organization; the first of them when there are very many. */
  readonly members: readonly Person[]
  /** There are more than `members`. */
  readonly isCut: boolean
  readonly find: Submit<{ readonly members: readonly Person[] }, { readonly search: string }>
}

/** Who is offered just now, and the search that changes it. */
export interface Offered {
  readonly members: readonly Person[]
  readonly typed: string
  readonly look: (search: string) => void
  readonly fault: string | null
}

/** Who is offered: everybody, or of very many those whom a search of the server finds. */
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
