"use client"

import { useState } from "react"
import { PeopleSearch, useOffered } from "@/components/form/people-search"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import type { CollaboratorChoices } from "./collaborator"

export interface MemberFieldProps extends Pick<CollaboratorChoices, "people" | "taken"> {
  readonly error?: string
}

/** Chooses the member who becomes a collaborator; of very many it offers those that a search finds. */
export function MemberField({ people, taken, error }: MemberFieldProps) {
  const offered = useOffered(people)
  const [chosen, setChosen] = useState("")
  const free = offered.members.filter(({ personId }) => !taken.includes(personId))
  return (
    <>
      {people.isCut ? <PeopleSearch {...offered} /> : null}
      <Field label="Member" error={error} description={descriptionOf(free.length, people.isCut)}>
        {control => (
          <Select
            {...control}
            name="personId"
            data-missing="Choose a member."
            // When the search no longer finds the chosen member, nobody else is chosen in their place.
            value={free.some(({ personId }) => personId === chosen) ? chosen : ""}
            onChange={event => setChosen(event.target.value)}
            required
          >
            <option value="" disabled>
              Choose a member
            </option>
            {free.map(({ personId, name, email }) => (
              <option key={personId} value={personId}>
                {name} ({email})
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  )
}

function descriptionOf(free: number, isCut: boolean): string | undefined {
  if (free > 0) return undefined
  return isCut ? "Nobody else is called that." : "Every member is a collaborator already."
}
